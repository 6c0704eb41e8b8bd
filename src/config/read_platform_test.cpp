#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using fixture::codes;
using fixture::has;
using fixture::parsed;
using fixture::Variables;
using fixture::with_provider;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Provider provider(std::string_view members, Variables variables = {}) {
    const Config config =
        with_provider(fmt::format("{{name:'a',models:['m'],{}}}", members), std::move(variables));
    return config.providers.at(0);
}

TEST(Vertex, OfAnExistingConfiguration) {
    const Config config = with_provider(
        "{name:'a',models:['claude-opus-4-8'],api_base_url:'https://us-east5-aiplatform.googleapis."
        "com',api_key:'any',transformer:{use:['vertex-claude']}}",
        {{"GOOGLE_CLOUD_PROJECT", "p1"}, {"GOOGLE_APPLICATION_CREDENTIALS", "/keys/k.json"}});
    EXPECT_FALSE(config.providers.at(0).broken);
    const Provider& got = config.providers.at(0);
    EXPECT_EQ(got.platform, Platform::vertex);
    EXPECT_EQ(got.speaks, Protocol::anthropic);
    EXPECT_EQ(got.auth, Auth::google);
    EXPECT_EQ(got.api_key, "");
    EXPECT_EQ(got.vertex.project, "p1");
    EXPECT_EQ(got.vertex.location, "us-east5");
    EXPECT_EQ(got.vertex.credentials_file, "/keys/k.json");
}

TEST(Vertex, TopLevelKeysOfTheFileCountAsVariables) {
    const Config config = parsed(
        "{Providers:[{name:'a',models:['claude-x'],vertex:{}}],Router:{default:'a,claude-x'},"
        "GOOGLE_CLOUD_PROJECT:'of-the-file',GOOGLE_CLOUD_LOCATION:'eu'}",
        {{"GOOGLE_CLOUD_PROJECT", "of-the-shell"}, {"HOME", "/h"}});
    EXPECT_THAT(codes(config), Contains("unknown-key").Times(0));
    const VertexSettings& vertex = config.providers.at(0).vertex;
    EXPECT_EQ(vertex.project, "of-the-file");
    EXPECT_EQ(vertex.location, "eu");
    EXPECT_EQ(vertex.default_file, "/h/.config/gcloud/application_default_credentials.json");
}

TEST(Vertex, OwnSettingsWinAndNeedNoUrl) {
    const Provider got = provider(
        "vertex:{project:'mine',location:'global',credentials_file:'~/k.json'},models:['claude-x']",
        {{"GOOGLE_CLOUD_PROJECT", "other"}, {"HOME", "/h"}});
    EXPECT_FALSE(got.broken);
    EXPECT_EQ(got.speaks, Protocol::anthropic);
    EXPECT_EQ(got.vertex.project, "mine");
    EXPECT_EQ(got.vertex.location, "global");
    EXPECT_EQ(got.vertex.credentials_file, "/h/k.json");
}

TEST(Vertex, ModelsThatAreNotClaudeSpeakGemini) {
    EXPECT_EQ(provider("vertex:{},models:['gemini-3.8-pro']").speaks, Protocol::gemini);
    EXPECT_EQ(
        provider("api_base_url:'https://h',api_key:'k',transformer:{use:['vertex-gemini']}").speaks,
        Protocol::gemini);
}

TEST(Vertex, ItsChatEndpointTakesATokenAsKey) {
    const Provider got = provider(
        "api_key:'ya29',api_base_url:'https://us-central1-aiplatform.googleapis.com/v1/projects/p/"
        "locations/us-central1/endpoints/openapi/chat/completions'");
    EXPECT_EQ(got.speaks, Protocol::openai_chat);
    EXPECT_EQ(got.auth, std::nullopt);
    EXPECT_EQ(got.api_key, "ya29");
}

TEST(Bedrock, RegionAndKeysOfTheEnvironment) {
    const Config config = with_provider("{name:'a',models:['m'],aws:{region:'eu-west-1'}}",
                                        {{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                         {"AWS_SECRET_ACCESS_KEY", "secret-of-the-shell"},
                                         {"AWS_SESSION_TOKEN", "token-of-the-shell"},
                                         {"AWS_REGION", "us-west-2"}});
    EXPECT_THAT(codes(config), IsEmpty());
    const Provider& got = config.providers.at(0);
    EXPECT_EQ(got.platform, Platform::bedrock);
    EXPECT_EQ(got.speaks, Protocol::anthropic);
    EXPECT_EQ(got.auth, Auth::sigv4);
    EXPECT_EQ(got.base_url, "https://bedrock-runtime.eu-west-1.amazonaws.com");
    EXPECT_EQ(got.aws.access_key_id, "AKIDEXAMPLE");
    EXPECT_EQ(got.aws.session_token, "token-of-the-shell");
    EXPECT_THAT(config.secrets, Contains("secret-of-the-shell"));
    EXPECT_THAT(config.secrets, Contains("token-of-the-shell"));
}

TEST(Bedrock, IsKnownByItsHost) {
    const Provider got = provider("api_base_url:'https://bedrock-runtime.us-east-2.amazonaws.com'",
                                  {{"HOME", "/h"}});
    EXPECT_EQ(got.platform, Platform::bedrock);
    EXPECT_EQ(got.aws.region, "us-east-2");
    EXPECT_EQ(got.aws.profile, "default");
    EXPECT_EQ(got.aws.credentials_file, "/h/.aws/credentials");
    EXPECT_EQ(provider("api_base_url:'https://notbedrock-runtime.x.amazonaws.com/chat/completions',"
                       "api_key:'k'")
                  .platform,
              Platform::direct);
}

TEST(Bedrock, AnApiKeyIsABearerToken) {
    const Provider own = provider("aws:{region:'r'},api_key:'bedrock-key'");
    EXPECT_EQ(own.auth, Auth::bearer);
    EXPECT_EQ(own.api_key, "bedrock-key");
    const Variables variables{{"AWS_BEARER_TOKEN_BEDROCK", "of-the-shell"}};
    EXPECT_EQ(provider("aws:{region:'r'}", variables).auth, Auth::bearer);
    EXPECT_EQ(provider("aws:{region:'r'}", variables).api_key, "of-the-shell");
    EXPECT_EQ(provider("aws:{region:'r',access_key_id:'A',secret_access_key:'S'}", variables).auth,
              Auth::sigv4);
}

TEST(Bedrock, WhatIsMissingIsNamed) {
    const auto why = [](std::string_view members) {
        const Provider got = provider(members);
        return got.broken ? got.broken->message : "not broken";
    };
    EXPECT_THAT(why("aws:{}"), HasSubstr("has no AWS region"));
    EXPECT_THAT(why("aws:{region:'r',access_key_id:'A'}"), HasSubstr("secret_access_key"));
    EXPECT_THAT(why("aws:{region:'r',access_key_id:'$NONE',secret_access_key:'S'}"),
                HasSubstr("export NONE=..."));
    EXPECT_TRUE(has(with_provider("{name:'a',models:['m'],aws:{reigon:'r'}}"), "unknown-key"));
}

TEST(Bedrock, AProfileNamedHereWinsOverKeysOfTheEnvironment) {
    const Provider got = provider("aws:{region:'r',profile:'work'}",
                                  {{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "S"}});
    EXPECT_EQ(got.aws.profile, "work");
    EXPECT_EQ(got.aws.access_key_id, "");
}

TEST(Azure, TakesItsKeyInAHeaderOfItsOwn) {
    const Provider got =
        provider("api_base_url:'https://res.openai.azure.com',api_key:'k',azure:{api_version:'v'}");
    EXPECT_EQ(got.platform, Platform::azure);
    EXPECT_EQ(got.auth, Auth::api_key);
    EXPECT_EQ(got.azure.api_version, "v");
    EXPECT_FALSE(got.broken);
    EXPECT_EQ(provider("api_base_url:'https://res.services.ai.azure.com/anthropic/v1/messages',"
                       "api_key:'k'")
                  .auth,
              std::nullopt);
    EXPECT_TRUE(provider("azure:{},api_key:'k'").broken);
}

TEST(Azure, AnEntraTokenIsABearer) {
    EXPECT_EQ(provider("api_base_url:'https://r.openai.azure.com',api_key:'k',auth:'bearer'").auth,
              Auth::bearer);
}

}  // namespace
}  // namespace ccr::config
