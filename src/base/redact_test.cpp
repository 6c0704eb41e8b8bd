#include "base/redact.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/redact_words.h"

namespace ccr::redact {
namespace {

constexpr std::string_view kMask = "[redacted]";

class Redact : public testing::Test {
  protected:
    void TearDown() override { set_secrets({}); }

    std::string letters(std::size_t count, std::string_view alphabet) {
        std::string out;
        while (out.size() < count) out += alphabet[random_() % alphabet.size()];
        return out;
    }
    std::string any_bytes(std::size_t count) {
        std::string out;
        while (out.size() < count) out += static_cast<char>(random_() % 256);
        return out;
    }
    std::mt19937 random_{20240817};
};

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

TEST_F(Redact, a_known_value_never_survives_wherever_it_stands) {
    for (int round = 0; round < 300; ++round) {
        std::vector<std::string> secrets;
        for (std::size_t i = 0; i < 1 + random_() % 6; ++i) {
            secrets.push_back(letters(6 + random_() % 60, "abcXYZ019-_.+/="));
        }
        set_secrets(secrets);
        std::string line = any_bytes(random_() % 200);
        for (const std::string& secret : secrets)
            line.insert(random_() % (line.size() + 1), secret);
        // An insertion may have cut an earlier secret in two; the last one is whole.
        EXPECT_FALSE(holds(text(line), secrets.back())) << line;
    }
}

TEST_F(Redact, text_around_a_value_stays_byte_for_byte) {
    set_secrets({"correct-horse-battery"});
    for (int round = 0; round < 300; ++round) {
        const std::string before = letters(random_() % 90, "lorem ipsum dolor, sit.");
        const std::string after = letters(random_() % 90, "lorem ipsum dolor, sit.");
        EXPECT_EQ(text(before + "correct-horse-battery" + after),
                  before + std::string(kMask) + after);
    }
}

TEST_F(Redact, overlapping_values_leave_no_rest) {
    set_secrets({"abcdefgh", "efghijkl", "abcdefghijklmnop"});
    EXPECT_EQ(text("<abcdefghijkl>"), "<[redacted]>");
    EXPECT_EQ(text("<abcdefghijklmnop>"), "<[redacted]>");
    EXPECT_EQ(text("<abcdefghabcdefgh>"), "<[redacted]>");
}

TEST_F(Redact, escaped_forms_of_a_value_are_hidden_too) {
    const std::string secret = "pa\"ss\\wo/rd\n+7&= x";
    set_secrets({secret});
    const std::string once = nlohmann::json(secret).dump();
    const std::string twice = nlohmann::json(once).dump();
    EXPECT_EQ(text(once), "\"[redacted]\"");
    EXPECT_FALSE(holds(text(twice), "wo/rd"));
    EXPECT_FALSE(holds(text(R"(pa\"ss\\wo\/rd\n+7&= x)"), "rd"));
    EXPECT_EQ(text("q=pa%22ss%5Cwo%2Frd%0A%2B7%26%3D%20x"), "q=[redacted]");
    EXPECT_EQ(text("q=pa%22ss%5cwo%2frd%0a%2b7%26%3d%20x"), "q=[redacted]");
    EXPECT_EQ(text("q=pa%22ss%5Cwo/rd%0A+7&=%20x"), "q=[redacted]");
}

TEST_F(Redact, short_values_and_placeholders_are_no_secrets) {
    set_secrets({"", "a", "model", "ollama", "lm-studio", "redact"});
    EXPECT_EQ(text("a model of ollama or lm-studio, redact"),
              "a model of ollama or lm-studio, redact");
}

TEST_F(Redact, presented_keys_are_hidden_and_bounded) {
    set_secrets({"configured-key-one"});
    for (int i = 0; i < 200; ++i) add_presented("presented-value-" + std::to_string(i) + "-end");
    EXPECT_EQ(text("configured-key-one presented-value-199-end"), "[redacted] [redacted]");
    EXPECT_EQ(text("presented-value-3-end"), "presented-value-3-end");
    set_secrets({});
    EXPECT_EQ(text("presented-value-199-end"), "[redacted]");
}

TEST_F(Redact, tokens_of_known_makers_are_hidden_in_any_surroundings) {
    const std::vector<std::string> tokens = {
        "sk-" + letters(20, "abcdefABCDEF0123456789") + "7",
        "sk-ant-api03-" + letters(40, "abcdefABCDEF0123456789_-") + "A",
        "sk-proj-" + letters(30, "abcdefABCDEF0123456789_-") + "1",
        "sk-or-v1-" + letters(64, "abcdef0123456789"),
        "AIza" + letters(35, "abcdefABCDEF0123456789_-"),
        "gsk_" + letters(30, "abcdefABCDEF0123456789") + "0",
        "xai-" + letters(30, "abcdefABCDEF0123456789") + "0",
        "ghp_" + letters(36, "abcdefABCDEF0123456789"),
        "github_pat_" + letters(36, "abcdefABCDEF0123456789"),
        "AKIA" + letters(16, "ABCDEFGH234567"),
    };
    const std::vector<std::string> before = {"",  " ", "\"",  "\\n",     "\\\\n", "=",
                                             ":", "(", "%3D", "\\u000a", "key "};
    const std::vector<std::string> after = {"", " ", "\"", "\\n", "&x=1", ")", ",", ". Then"};
    for (const std::string& token : tokens) {
        for (const std::string& left : before) {
            for (const std::string& right : after) {
                EXPECT_FALSE(holds(text(left + token + right), token.substr(token.size() - 12)))
                    << left << token << right;
            }
        }
    }
}

TEST_F(Redact, bearer_credentials_are_hidden_and_the_word_stays) {
    EXPECT_EQ(text("got Bearer abc.def-ghi_123/+=="), "got Bearer [redacted]");
    EXPECT_EQ(text("bearer onlyletters"), "bearer [redacted]");
    EXPECT_EQ(text("send Bearer authentication or a Bearer token"),
              "send Bearer authentication or a Bearer token");
}

TEST_F(Redact, json_members_are_hidden_at_any_depth_of_escaping) {
    for (const char* name : {"api_key", "apiKey", "x-api-key", "APIKEY", "access_token",
                             "client_secret", "password"}) {
        nlohmann::ordered_json value = {{name, "va\"l\\ue \\"}, {"next", "stays"}};
        for (int depth = 0; depth < 4; ++depth) {
            const std::string dumped = value.dump();
            const std::string clean = text(dumped);
            EXPECT_FALSE(holds(clean, "ue ")) << clean;
            EXPECT_TRUE(holds(clean, "stays")) << clean;
            EXPECT_TRUE(nlohmann::json::accept(clean)) << clean;
            value = nlohmann::ordered_json{{"body", dumped}, {"tail", 1}};
        }
    }
    EXPECT_EQ(text(R"({"api_key" : "cut off in the mid)"), R"({"api_key" : "[redacted])");
}

TEST_F(Redact, urls_lose_credentials_and_keep_the_rest) {
    EXPECT_EQ(text("https://u:p@host:1/x?a=1"), "https://[redacted]@host:1/x?a=1");
    EXPECT_EQ(url("socks5://me:pw@10.0.0.1:1080"), "socks5://[redacted]@10.0.0.1:1080");
    EXPECT_EQ(url("me:pw@proxy:1080"), "[redacted]@proxy:1080");
    EXPECT_EQ(url("https://h/v1?key=abc&alt=sse"), "https://h/v1?key=[redacted]&alt=sse");
    EXPECT_EQ(url("https://h/v1?alt=sse&access_token=abc#top"),
              "https://h/v1?alt=sse&access_token=[redacted]#top");
    EXPECT_EQ(url("https://h:8080/v1/models"), "https://h:8080/v1/models");
    EXPECT_EQ(text("mail someone@example.org: see https://h/p"),
              "mail someone@example.org: see https://h/p");
}

TEST_F(Redact, headers_and_assignments_are_hidden_in_text) {
    EXPECT_EQ(text("x-api-key: abcd1234efgh"), "x-api-key: [redacted]");
    EXPECT_EQ(text("Authorization: Basic dXNlcjpwdw=="), "Authorization: [redacted]");
    EXPECT_EQ(text("OPENROUTER_API_KEY=verysecret ccr start"),
              "OPENROUTER_API_KEY=[redacted] ccr start");
    for (const char* name : {"Authorization", "proxy-authorization", "X-Api-Key", "x-goog-api-key",
                             "Cookie", "Set-Cookie", "x-amz-security-token", "api-key"}) {
        EXPECT_TRUE(is_secret_header(name)) << name;
    }
    for (const char* name : {"content-type", "anthropic-ratelimit-tokens-remaining", "x-request-id",
                             "accept", "x-ratelimit-limit-tokens", "idempotency-key"}) {
        EXPECT_FALSE(is_secret_header(name)) << name;
    }
}

TEST_F(Redact, ordinary_text_is_left_alone) {
    for (
        const char* line : {
            R"({"level":30,"time":1700000000000,"pid":1,"hostname":"box","model":"gpt-5-mini","input_tokens":1234,"msg":"request settled"})",
            R"({"max_tokens":32000,"token_count":17,"stop":"key","cache":"hit"})",
            "task-management-2024 and disk-usage-2024-08-17-backup, risk-assessment-version-2",
            "config.json:3:12: Providers[0].api_key: environment variable OPENROUTER_API_KEY is "
            "not set",
            "config.json:3:12: api_key: ${OPENROUTER_API_KEY} is not set; export it or write the "
            "key",
            R"("api_key": "$OPENROUTER_API_KEY")",
            "monkey=banana, hotkey: ctrl, turkey&key words",
            "locale sk-SK, sk-learn and sk-estimator",
            "http://127.0.0.1:3456/v1/messages answered 200 in 12 ms",
            "x-api-key: missing; send it or Authorization: Bearer",
            "std::string a = b ? c : d; x == y",
        }) {
        EXPECT_EQ(text(line), line);
    }
}

TEST_F(Redact, what_is_left_of_any_bytes_stood_there_in_that_order) {
    set_secrets({"secret-value-0", std::string("nul\0inside", 10)});
    for (int round = 0; round < 2000; ++round) {
        const std::string noise =
            round % 2 == 0 ? any_bytes(random_() % 120)
                           : letters(random_() % 120, "\\\"':=@/?&key token sk-Bearer%20");
        const std::string clean = text(noise);
        std::size_t from = 0;
        for (std::size_t at = 0; at <= clean.size();) {
            const std::size_t mask = std::min(clean.find(kMask, at), clean.size());
            const std::string piece = clean.substr(at, mask - at);
            const std::size_t found = noise.find(piece, from);
            ASSERT_NE(found, std::string::npos) << noise << "\n" << clean;
            from = found + piece.size();
            at = mask + kMask.size();
        }
        std::string in_place = "12345" + noise;
        scrub(in_place, 5);
        EXPECT_EQ(in_place, "12345" + clean);
    }
}

TEST_F(Redact, words_finds_exactly_what_a_plain_search_finds) {
    for (int round = 0; round < 300; ++round) {
        std::vector<std::string> literals;
        for (std::size_t i = 0; i < 1 + random_() % 8; ++i)
            literals.push_back(letters(2 + random_() % 7, "abc"));
        const Words words(literals);
        const std::string haystack = letters(random_() % 80, "abcd");
        std::size_t expected = 0;
        for (const std::string& literal : words.literals()) {
            for (std::size_t at = haystack.find(literal); at != std::string::npos;
                 at = haystack.find(literal, at + 1)) {
                ++expected;
            }
        }
        std::size_t found = 0;
        words.find(haystack, [&](std::size_t at, std::size_t length) {
            EXPECT_TRUE(std::find(literals.begin(), literals.end(), haystack.substr(at, length)) !=
                        literals.end());
            ++found;
        });
        EXPECT_EQ(found, expected) << haystack;
    }
}

TEST_F(Redact, values_may_change_while_others_read) {
    set_secrets({"always-secret"});
    std::atomic<bool> stop{false};
    std::atomic<int> leaks{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!stop) {
                if (holds(text("always-secret is here"), "always-secret")) ++leaks;
            }
        });
    }
    for (int i = 0; i < 300; ++i) {
        set_secrets({"always-secret", "other-" + std::to_string(i)});
        add_presented("shown-" + std::to_string(i));
    }
    stop = true;
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(leaks, 0);
}

}  // namespace
}  // namespace ccr::redact
