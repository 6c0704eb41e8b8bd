#include "gateway/client_headers.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

std::string added(const net::Headers& from, net::Headers to = {}) {
    add_client_headers(from, to);
    std::string out;
    for (const auto& [name, value] : to) out += name + "=" + value + ";";
    return out;
}

TEST(ClientHeaders, TheProtocolsOwnTravelInAnyCaseAndEveryLineOfThem) {
    net::Headers from;
    from.add("Anthropic-Beta", "one");
    from.add("x-stainless-lang", "js");
    from.add("anthropic-beta", "two");
    from.add("User-Agent", "claude-cli/2");
    from.add("x-app", "cli");
    EXPECT_EQ(added(from),
              "Anthropic-Beta=one;x-stainless-lang=js;anthropic-beta=two;"
              "User-Agent=claude-cli/2;x-app=cli;");
}

TEST(ClientHeaders, OursGiveWay) {
    net::Headers from, to;
    from.add("anthropic-version", "2024-01-01");
    to.add("Anthropic-Version", "2023-06-01");
    to.add("x-api-key", "ours");
    EXPECT_EQ(added(from, to), "x-api-key=ours;anthropic-version=2024-01-01;");
}

TEST(ClientHeaders, CredentialsCookiesAndHopByHopFieldsStay) {
    net::Headers from;
    for (const char* name : {"authorization", "x-api-key", "x-goog-api-key", "cookie", "connection",
                             "host", "content-length", "transfer-encoding", "x-ccr-model"})
        from.add(name, "secret");
    EXPECT_EQ(added(from), "");
}

TEST(ClientHeaders, TheQueryTravelsWithoutKeyAndFormOfTheAnswer) {
    EXPECT_EQ(with_query("http://h/v1", "beta=true"), "http://h/v1?beta=true");
    EXPECT_EQ(with_query("http://h/v1?a=1", "KEY=s&alt=sse&&b=2&key=t"), "http://h/v1?a=1&b=2");
    EXPECT_EQ(with_query("http://h/v1", "key=s"), "http://h/v1");
    EXPECT_EQ(with_query("http://h/v1", ""), "http://h/v1");
}

}  // namespace
}  // namespace ccr::gateway
