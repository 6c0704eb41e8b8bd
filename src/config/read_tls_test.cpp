#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using fixture::found;
using fixture::parsed;
using testing::HasSubstr;

TEST(Tls, IsOffUnlessItIsConfigured) {
    EXPECT_FALSE(parsed("{}").listen.tls);
    EXPECT_FALSE(parsed("{TLS: null}").listen.tls);
    EXPECT_FALSE(fixture::has(parsed("{TLS: {}}"), "tls"));
}

struct TlsCase {
    std::string_view text, code, says;
};

class WrongTls : public testing::TestWithParam<TlsCase> {};

TEST_P(WrongTls, IsToldWithItsPlaceAndNothingListens) {
    const Config config = parsed("{\n  TLS: " + std::string(GetParam().text) + "}");
    EXPECT_FALSE(config.listen.tls);
    const Finding finding = found(config, GetParam().code);
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_EQ(finding.place.line, 2);
    EXPECT_THAT(finding.message, HasSubstr(GetParam().says));
}

constexpr TlsCase kWrong[] = {
    {"true", "wrong-type", "TLS should be an object"},
    {"{cert: '/c.pem'}", "tls", "TLS has no key"},
    {"{key: '/k.pem'}", "tls", "TLS has no cert"},
    {"{cert: 'c.pem', key: '/k.pem'}", "tls", "TLS.cert should be an absolute path"},
    {"{cert: '/no/c.pem', key: '/no/k.pem'}", "tls", "TLS.cert: /no/c.pem cannot be read"},
};
INSTANTIATE_TEST_SUITE_P(All, WrongTls, testing::ValuesIn(kWrong));

constexpr std::string_view kNoFiles = "cert: '/no/c.pem', key: '/no/k.pem'";

std::string port_finding(const std::string& plain, const std::string& tls) {
    const Config config = parsed("{APIKEY: 'a-key-of-mine', " + plain + ", TLS: {" +
                                 std::string(kNoFiles) + tls + "}}");
    EXPECT_FALSE(config.listen.tls);
    return found(config, "tls").message;
}

TEST(Tls, ThePlainListenersPortIsTaken) {
    EXPECT_THAT(port_finding("PORT: 4000", ", port: 4000"), HasSubstr("which PORT has already"));
    EXPECT_THAT(port_finding("PORT: 3443", ""), HasSubstr("TLS.port is 3443"));
    EXPECT_THAT(port_finding("PORT: 4000", ", port: 4001"), HasSubstr("cannot be read"));
    EXPECT_THAT(port_finding("PORT: 4000, HOST: '127.0.0.1'", ", port: 4000, host: '192.0.2.1'"),
                HasSubstr("cannot be read"))
        << "two addresses have a port each";
}

TEST(Tls, UnknownMembersAreTold) {
    EXPECT_THAT(found(parsed("{TLS: {certificate: '/c.pem'}}"), "unknown-key").message,
                HasSubstr("certificate"));
}

}  // namespace
}  // namespace ccr::config
