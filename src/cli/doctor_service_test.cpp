// What `ccr doctor` says of a service, by what was gathered of it.
#include "cli/doctor_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

using doctor::Severity;
using testing::HasSubstr;
using testing::Not;

std::string checks(const ServiceFacts& facts) {
    std::string out;
    for (const doctor::Finding& finding : examine_service(facts)) {
        EXPECT_EQ(finding.remedy.empty(), finding.severity == Severity::good) << finding.check;
        out += (out.empty() ? "" : " ") + finding.check;
        if (finding.severity == Severity::failure) out += "!";
    }
    return out;
}

ServiceFacts running() {
    ServiceFacts out;
    out.version = "2";
    out.config_file = "/c.json";
    out.port = 3456;
    out.running.emplace();
    out.running->status.version = "2";
    out.running->status.state = "ready";
    out.running->status.config_file = "/c.json";
    return out;
}

TEST(DoctorService, OneThatRunsAsItShould) {
    EXPECT_EQ(checks(running()), "running");
}

TEST(DoctorService, OneThatRunsOtherwise) {
    ServiceFacts facts = running();
    facts.running->status.version = "1";
    EXPECT_EQ(checks(facts), "other-version");
    EXPECT_THAT(examine_service(facts)[0].what, HasSubstr("version 1, this is 2"));
    facts.running->status.config_error = "c.json:1:2: found x; write y";
    facts.running->status.needs_restart = {"PORT"};
    facts.running->status.config_file = "/other.json";
    facts.running->status.state = "stopping";
    facts.broken = {"p"};
    EXPECT_EQ(checks(facts),
              "other-version reload-failed! needs-restart other-configuration "
              "service-environment! ending");
    EXPECT_EQ(examine_service(facts)[1].remedy, "write y");
}

TEST(DoctorService, OneThatDoesNotRun) {
    ServiceFacts facts;
    facts.port = 3456;
    EXPECT_EQ(checks(facts), "not-running");
    facts.is_awaited = true;
    EXPECT_EQ(checks(facts), "not-running!");
    facts.is_awaited = false;
    facts.owner = PortOwner{12, "nginx", ""};
    facts.free_port = 3457;
    EXPECT_EQ(checks(facts), "port-taken!");
    EXPECT_THAT(examine_service(facts)[0].what, HasSubstr("nginx (pid 12)"));
    EXPECT_THAT(examine_service(facts)[0].remedy, HasSubstr("ccr config set PORT 3457"));
    facts.lock_is_held = true;
    facts.holder = 13;
    EXPECT_EQ(checks(facts), "no-answer!");
    EXPECT_THAT(examine_service(facts)[0].remedy, HasSubstr("kill 13"));
    facts.holder = 0;
    EXPECT_EQ(checks(facts), "starting-or-ending");
    EXPECT_THAT(examine_service(facts)[0].remedy, Not(HasSubstr("kill")));
    EXPECT_THAT(examine_service(facts)[0].remedy, HasSubstr("wait, then `ccr doctor` again"));
}

TEST(DoctorService, WhatOneLeftBehind) {
    ServiceFacts facts;
    facts.port = 3456;
    facts.pid = 12;
    EXPECT_EQ(checks(facts), "stale-pid-file");
    facts.left_behind = "12\nsignal 11\n";
    EXPECT_EQ(checks(facts), "crashed");
    EXPECT_THAT(examine_service(facts)[0].what, HasSubstr("(pid 12) crashed (signal 11"));
}

}  // namespace
}  // namespace ccr::cli
