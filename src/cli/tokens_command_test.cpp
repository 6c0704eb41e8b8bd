#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/cli_fixture.h"

namespace ccr::cli::test {
namespace {

using testing::HasSubstr;

TEST(TokensCommand, PrintsTheNumberAlone) {
    const Home home;
    const std::string text = "hello world <|endoftext|>";
    EXPECT_EQ(home.ccr({"tokens", "--encoding", "cl100k_base"}, {}, text).out, "8\n");
    home.write("text", text);
    EXPECT_EQ(home.ccr({"tokens", "--encoding=cl100k_base", home.file("text")}).out, "8\n");
    EXPECT_EQ(home.ccr({"tokens", "-"}, {}, "").out, "0\n");
}

TEST(TokensCommand, CountsAsTheModelDoes) {
    const Home home;
    home.configure(
        "{Providers: [{name: 'a', api_base_url: 'https://h/v1/chat/completions', api_key: 'k', "
        "models: ['m'], tokenizer: {default: {type: 'tiktoken', encoding: 'cl100k_base'}}}], "
        "Router: {default: 'a,m'}}");
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"tokens", "--json"}, {"tokens", "--json", "--model", "a,m"}})
        EXPECT_THAT(home.ccr(arguments, {}, "text").out,
                    HasSubstr(R"("encoding":"cl100k_base","why":)"));
    const Outcome unknown = home.ccr({"tokens", "--model", "b,m"}, {}, "text");
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("\"b\""));
}

TEST(TokensCommand, CountsARequestBlockByBlock) {
    const Home home;
    const std::string request =
        R"({"model":"m","max_tokens":9,"system":"Be brief.","messages":[{"role":"user","content":"Hello there"}],"tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}]})";
    const std::string out =
        home.ccr({"tokens", "--json", "--encoding", "o200k_base"}, {}, request).out;
    EXPECT_THAT(out, HasSubstr(R"({"where":"turns[1].parts[0]","kind":"text","tokens":2})"));
    EXPECT_THAT(out, HasSubstr(R"("where":"tools[0]","kind":"tool")"));
}

TEST(TokensCommand, MistakesAreTold) {
    const Home home;
    EXPECT_EQ(home.ccr({"tokens", "--encoding", "o200k_base", "--model", "a,m"}).exit_code, 2);
    EXPECT_EQ(home.ccr({"tokens", "--encoding", "p50k_base"}).exit_code, 1);
    EXPECT_EQ(home.ccr({"tokens", "/nowhere/text"}).exit_code, 1);
}

}  // namespace
}  // namespace ccr::cli::test
