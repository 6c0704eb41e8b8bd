#include "report/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::report {
namespace {

using namespace std::chrono_literals;
using config::TokenSpeed;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Record some() {
    Record record;
    record.request = "req_0123456789";
    record.session = "s-1\x1b[2J\xc2\x9b\nsessionId: other";
    record.tokens = 12;
    record.time = std::chrono::system_clock::time_point(1'700'000'000'000ms);
    return record;
}

std::string printed(TokenSpeed form, bool colored = false) {
    return console_text(some(), form, {}, colored);
}

TEST(Console, TimePrefixRecordAndMetadata) {
    const std::string text = printed({});
    EXPECT_THAT(text, StartsWith("[2023-11-14T22:13:20.000Z] [Token Speed] {\n"));
    EXPECT_THAT(text, HasSubstr("\"tokenCount\": 12"));
    EXPECT_THAT(text, HasSubstr("Metadata:"));
    EXPECT_THAT(text, HasSubstr("\"requestId\": \"req_0123456789\""));
}

TEST(Console, ItsForms) {
    TokenSpeed form;
    form.timestamp = false;
    form.format = TokenSpeed::Format::text;
    EXPECT_THAT(printed(form), StartsWith("[Token Speed]\n  requestId: 01234567\n"));
    EXPECT_THAT(printed(form), HasSubstr("  tokenCount: 12\n"));
    form.format = TokenSpeed::Format::markdown;
    EXPECT_THAT(printed(form), HasSubstr("- **tokenCount**: 12\n"));
}

TEST(Console, ColoursWhereTheyAreWanted) {
    EXPECT_THAT(printed({}, true), HasSubstr("\x1b[36m[Token Speed]\x1b[0m"));
    EXPECT_THAT(printed({}, false), Not(HasSubstr("\x1b")));
}

TEST(Console, AClientSteersNoTerminalAndBeginsNoLine) {
    TokenSpeed form;
    form.format = TokenSpeed::Format::text;
    EXPECT_THAT(printed(form), HasSubstr("\n  sessionId: s-1[2JsessionId: other\n"));
    form.format = TokenSpeed::Format::json;
    EXPECT_THAT(printed(form), HasSubstr("\"s-1\\u001b[2J\\nsessionId: other\""));
}

}  // namespace
}  // namespace ccr::report
