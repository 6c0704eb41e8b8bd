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

TEST(Tls, UnknownMembersAreTold) {
    EXPECT_THAT(found(parsed("{TLS: {certificate: '/c.pem'}}"), "unknown-key").message,
                HasSubstr("certificate"));
}

}  // namespace
}  // namespace ccr::config
