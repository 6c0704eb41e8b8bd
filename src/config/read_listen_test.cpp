#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

using fixture::found;
using fixture::has;
using fixture::parsed;
using testing::ElementsAre;
using testing::HasSubstr;

struct PortCase {
    std::string_view text;
    int port;
    bool finding;
};

class Port : public testing::TestWithParam<PortCase> {};

TEST_P(Port, IsReadOrReported) {
    const Config config = parsed(std::string(GetParam().text));
    EXPECT_EQ(config.listen.port, GetParam().port);
    EXPECT_EQ(has(config, "invalid-value") || has(config, "wrong-type"), GetParam().finding);
}

constexpr PortCase kPorts[] = {
    {"{}", 3456, false},
    {"{PORT: 8080}", 8080, false},
    {"{PORT: '8080'}", 8080, false},
    {"{PORT: ' 8080 '}", 8080, false},
    {"{PORT: 65536}", 3456, true},
    {"{PORT: -1}", 3456, true},
    {"{PORT: 1.5}", 3456, true},
    {"{PORT: 'http'}", 3456, true},
    {"{PORT: ''}", 3456, true},
    {"{PORT: null}", 3456, false},
    {"{PORT: []}", 3456, true},
    {"{PORT: NaN}", 3456, true},
    {"{PORT: 1e999}", 3456, true},
    {"{PORT: 0}", 0, false},
    {"{PORT: 0xD80}", 3456, false},
};
INSTANTIATE_TEST_SUITE_P(All, Port, testing::ValuesIn(kPorts));

TEST(Listen, ServicePortWins) {
    EXPECT_EQ(parsed("{PORT: 8080}", {{"SERVICE_PORT", "9090"}}).listen.port, 9090);
    const Config config = parsed("{PORT: 8080}", {{"SERVICE_PORT", "90x"}});
    EXPECT_EQ(config.listen.port, 8080);
    EXPECT_EQ(found(config, "invalid-value").place.line, 0);
}

struct HostCase {
    std::string_view text, host;
    std::string_view code;
};

class Host : public testing::TestWithParam<HostCase> {};

TEST_P(Host, IsOpenedOnlyWithAKey) {
    const Config config = parsed(std::string(GetParam().text), {{"SET", "secret-key"}});
    EXPECT_EQ(config.listen.host, GetParam().host);
    if (GetParam().code.empty()) {
        EXPECT_THAT(fixture::codes(config), ElementsAre("demo"));
    } else {
        EXPECT_TRUE(has(config, GetParam().code));
    }
}

constexpr HostCase kHosts[] = {
    {"{}", "127.0.0.1", ""},
    {"{HOST: '0.0.0.0'}", "127.0.0.1", "host-needs-key"},
    {"{HOST: '::'}", "127.0.0.1", "host-needs-key"},
    {"{HOST: '192.168.1.5', APIKEY: ''}", "127.0.0.1", "host-needs-key"},
    {"{HOST: '0.0.0.0', APIKEY: '$UNSET'}", "127.0.0.1", "unresolved-variable"},
    {"{HOST: '0.0.0.0', APIKEY: '$UNSET'}", "127.0.0.1", "host-needs-key"},
    {"{HOST: '0.0.0.0', APIKEY: '$SET'}", "0.0.0.0", ""},
    {"{HOST: '0.0.0.0', apikey: 'k'}", "0.0.0.0", ""},
    {"{HOST: 'localhost'}", "127.0.0.1", ""},
    {"{HOST: '::1'}", "::1", ""},
    {"{HOST: '127.0.0.2'}", "127.0.0.2", ""},
    {"{APIKEY: 'k'}", "127.0.0.1", ""},
    {"{HOST: 'http://0.0.0.0:80', APIKEY: 'k'}", "127.0.0.1", "invalid-value"},
    {"{HOST: {}, APIKEY: 'k'}", "127.0.0.1", "wrong-type"},
};
INSTANTIATE_TEST_SUITE_P(All, Host, testing::ValuesIn(kHosts));

TEST(Listen, SaysWhyTheHostIsNotOpened) {
    const Config config = parsed("{\n  HOST: '0.0.0.0'}");
    EXPECT_EQ(config.listen.asked_host, "0.0.0.0");
    EXPECT_THAT(to_string(found(config, "host-needs-key")),
                testing::AllOf(testing::StartsWith("test.json:2:9: warning: HOST is 0.0.0.0"),
                               HasSubstr("set APIKEY to open it")));
}

TEST(Listen, AnUnresolvedKeyStaysClosed) {
    const Config config = parsed("{APIKEY: '$UNSET'}");
    EXPECT_EQ(config.access.api_key, "$UNSET");
    const Finding finding = found(config, "unresolved-variable");
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_THAT(finding.message, HasSubstr("export UNSET=..."));
    EXPECT_EQ(fixture::codes(config).size(), 2u);  // and the demo's note: said once
}

TEST(Listen, NumericKeyIsText) {
    const Config config = parsed("{APIKEY: 123456}");
    EXPECT_EQ(config.access.api_key, "123456");
    EXPECT_TRUE(has(config, "wrong-type"));
}

TEST(Listen, AllowedNames) {
    const Config config = parsed(
        "{ALLOWED_HOSTS: ' a.example, b.example,,', ALLOWED_ORIGINS: ['https://c', ' ', 5]}");
    EXPECT_THAT(config.access.allowed_hosts, ElementsAre("a.example", "b.example"));
    EXPECT_THAT(config.access.allowed_origins, ElementsAre("https://c"));
    EXPECT_TRUE(has(config, "wrong-type"));
}

TEST(LeadsBack, NeedsOurPortAndAHostOfOurs) {
    Listen own;
    own.host = "192.168.1.5";
    own.port = 3456;
    for (const char* host : {"localhost", "127.0.0.1", "::1", "0.0.0.0", "192.168.1.5"}) {
        EXPECT_TRUE(leads_back(host, 3456, own)) << host;
        EXPECT_FALSE(leads_back(host, 3457, own)) << host;
    }
    EXPECT_FALSE(leads_back("192.168.1.6", 3456, own));
}

}  // namespace
}  // namespace ccr::config
