#include "gateway/answer.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

const wire::Codec& anthropic() {
    return *wire::codec_of(Protocol::anthropic);
}

TEST(Answer, AnErrorOfTheClientsProtocolGoesOutWordForWord) {
    Error error = make_error(ErrorKind::invalid_request, "ours");
    error.upstream_protocol = Protocol::anthropic;
    error.upstream_body =
        R"({"type":"error","error":{"type":"invalid_request_error","message":"theirs"}})";
    EXPECT_EQ(error_answer(error, anthropic(), "req_1").body, error.upstream_body);
}

TEST(Answer, AnErrorOfAnotherProtocolIsPutInTheClientsShape) {
    Error error = make_error(ErrorKind::rate_limit, "slow \"down\"");
    error.upstream_protocol = Protocol::openai_chat;
    error.upstream_body = "{}";
    error.retry_after = std::chrono::seconds(7);
    const net::Answer answer = error_answer(error, anthropic(), "req_1");
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(
        answer.body,
        R"({"type":"error","error":{"type":"rate_limit_error","message":"slow \"down\""},"request_id":"req_1"})");
    EXPECT_EQ(answer.headers.get("retry-after"), "7");
    EXPECT_FALSE(answer.headers.get("x-should-retry"));
}

TEST(Answer, TheIdOfARequestStandsWhereItsClientLooks) {
    const Error error = make_error(ErrorKind::overloaded, "busy");
    EXPECT_EQ(error_answer(error, anthropic(), "req_1").headers.get("request-id"), "req_1");
    const net::Answer chat = error_answer(error, *wire::codec_of(Protocol::openai_chat), "req_1");
    EXPECT_EQ(chat.headers.get("x-request-id"), "req_1");
    EXPECT_FALSE(chat.headers.get("request-id"));
}

TEST(Answer, OverloadHasTheStatusThatItsClientRetries) {
    const Error error = make_error(ErrorKind::overloaded, "busy");
    const net::Answer gemini = error_answer(error, *wire::codec_of(Protocol::gemini), "r");
    EXPECT_EQ(gemini.status, 503);
    EXPECT_NE(gemini.body.find(R"("code":503)"), std::string::npos) << gemini.body;
    EXPECT_NE(gemini.body.find(R"("status":"UNAVAILABLE")"), std::string::npos) << gemini.body;
    for (const Protocol other : {Protocol::anthropic, Protocol::openai_chat})
        EXPECT_EQ(error_answer(error, *wire::codec_of(other), "r").status, 529);
}

TEST(Answer, OnlyAPersonCanMendARefusedKeyOrTheConfiguration) {
    Error key = make_error(ErrorKind::authentication, "refused");
    EXPECT_TRUE(is_worth_retrying(key)) << "a client's own wrong key is its own matter";
    key.fault = Fault::upstream;
    EXPECT_FALSE(is_worth_retrying(key));
    EXPECT_FALSE(is_worth_retrying(make_error(ErrorKind::config, "broken")));
    EXPECT_TRUE(is_worth_retrying(make_error(ErrorKind::overloaded, "busy")));
    EXPECT_EQ(error_answer(key, anthropic(), "r").headers.get("x-should-retry"), "false");
}

TEST(Answer, TheStatusDecidesTheTypeAClientReads) {
    struct Case {
        int status;
        const char* type;
    };
    for (const Case& c : {Case{400, "invalid_request_error"},
                          {401, "authentication_error"},
                          {403, "permission_error"},
                          {404, "not_found_error"},
                          {413, "request_too_large"},
                          {429, "rate_limit_error"},
                          {500, "api_error"},
                          {501, "not_supported"},
                          {503, "api_error"},
                          {529, "overloaded_error"}}) {
        Error error = make_error(kind_of_status(c.status), "m");
        error.status = c.status;
        EXPECT_NE(
            error_answer(error, anthropic(), "r").body.find(std::string("\"type\":\"") + c.type),
            std::string::npos)
            << c.status;
    }
}

}  // namespace
}  // namespace ccr::gateway
