// Requests through a gateway of our own, to nobody and to a provider that answers.
#include "doctor/own_gateway.h"

#include <gtest/gtest.h>

#include "config/loader.h"
#include "doctor/questions.h"
#include "doctor/remedy.h"

namespace ccr::doctor {
namespace {

config::Config with_url(const std::string& url) {
    const auto nothing = [](std::string_view) { return std::optional<std::string>(); };
    auto config = config::parse_config(
        "{Providers: [{name: 'p', api_base_url: '" + url + "', api_key: 'k', models: ['m']}]}",
        "c.json", nothing);
    EXPECT_TRUE(config);
    return std::move(*config);
}

// The words that connected() goes by are those of net/.
TEST(OwnGateway, TellsThatThereIsNoConnection) {
    for (const char* const url :
         {"http://127.0.0.1:9/v1/chat/completions", "http://nowhere.invalid/v1/chat/completions"}) {
        const config::Config config = with_url(url);
        OwnGateway gateway(config, std::chrono::seconds(5));
        const Reply reply = gateway.ask(plain_question("p,m", Streamed::yes));
        EXPECT_FALSE(reply.answered());
        EXPECT_FALSE(reply.reached());
        EXPECT_FALSE(reply.connected()) << reply.message;
        EXPECT_NE(remedy(reply, config.providers[0]).find(url), std::string::npos);
    }
}

TEST(OwnGateway, ARemedyForEachRefusal) {
    const config::Provider provider = with_url("https://h.example/v1/messages").providers[0];
    const auto of = [&](int status) {
        Reply reply;
        reply.status = status;
        reply.kind = "x";
        return remedy(reply, provider);
    };
    EXPECT_NE(of(401).find("ccr config set Providers.p.api_key -"), std::string::npos);
    EXPECT_NE(of(404).find("no model of this name"), std::string::npos);
    EXPECT_NE(of(402).find("credit"), std::string::npos);
    EXPECT_NE(of(429).find("quota"), std::string::npos);
    EXPECT_NE(of(403).find("region"), std::string::npos);
    EXPECT_NE(of(500).find("later"), std::string::npos);
    EXPECT_NE(of(502).find("later"), std::string::npos);
    EXPECT_NE(of(504).find("loading"), std::string::npos);
    EXPECT_NE(of(400).find("ccr explain"), std::string::npos);
    EXPECT_NE(of(403).find("ccr config set Providers.p.api_key -"), std::string::npos);
    Reply good;
    good.status = 200;
    EXPECT_EQ(remedy(good, provider), "");
}

TEST(Remedy, NamesWhereTheKeyComesFrom) {
    config::Provider provider = with_url("https://h.example/v1/messages").providers[0];
    EXPECT_NE(key_remedy(provider, "A_KEY").find("another one as A_KEY"), std::string::npos);
    EXPECT_NE(key_remedy(provider, "", 2).find("set Providers.p.api_key[1] -"), std::string::npos);
    provider.name = "my.own";
    EXPECT_NE(key_remedy(provider, "").find("set 'Providers[\"my.own\"].api_key' -"),
              std::string::npos)
        << key_remedy(provider, "");
    provider.key_command = "pass show x";
    EXPECT_NE(key_remedy(provider, "").find("api_key_command"), std::string::npos);
    provider.key_file = "/keys/x";
    EXPECT_NE(key_remedy(provider, "").find("into /keys/x"), std::string::npos);
    provider.auth = config::Auth::sigv4;
    EXPECT_NE(key_remedy(provider, "").find("profile default"), std::string::npos);
    provider.auth = config::Auth::google;
    EXPECT_NE(key_remedy(provider, "").find("gcloud auth"), std::string::npos);
}

}  // namespace
}  // namespace ccr::doctor
