// The reader against the npm package json5, over generated texts: both accept the same ones and
// mean the same.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "config/json5.h"
#include "config/temporary_directory_fixture.h"

namespace ccr::config {
namespace {

using Json = nlohmann::json;

// The form that tests/config/json5_differential.mjs writes, with the members of objects sorted.
Json canonical(const nlohmann::ordered_json& value) {
    if (value.is_number()) {
        const double number = value.get<double>();
        const std::string bits = fmt::format("{:016x}", std::bit_cast<std::uint64_t>(number));
        return {{"n", std::isnan(number) ? "nan" : bits}};
    }
    if (value.is_array()) {
        Json list = Json::array();
        for (const auto& element : value) list.push_back(canonical(element));
        return list;
    }
    if (value.is_object()) {
        Json members = Json::object();
        for (const auto& [key, member] : value.items()) members[key] = canonical(member);
        return {{"o", members}};
    }
    return value;
}

Json sorted(const Json& answer) {
    if (answer.is_array()) {
        Json list = Json::array();
        for (const Json& element : answer) list.push_back(sorted(element));
        return list;
    }
    if (!answer.is_object() || !answer.contains("o")) return answer;
    Json members = Json::object();
    for (const Json& pair : answer["o"]) members[pair[0].get<std::string>()] = sorted(pair[1]);
    return {{"o", members}};
}

class Generator {
  public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::string text() {
        std::string out = blank() + value(0) + blank();
        if (pick(3) == 0) corrupt(out);
        return out;
    }

  private:
    std::size_t pick(std::size_t n) { return random_() % n; }
    std::string one_of(const std::vector<std::string>& all) { return all[pick(all.size())]; }

    std::string blank() {
        static const std::vector<std::string> kAll = {
            "",       "",          "",       " ",      "\n",     "\t",     "\r\n",
            "// c\n", "/* * c */", "\u00A0", "\uFEFF", "\u2028", "\u3000", "\v\f"};
        return one_of(kAll);
    }

    std::string value(int depth) {
        switch (pick(depth > 5 ? 3 : 5)) {
            case 0:
                return number();
            case 1:
                return string();
            case 2:
                return one_of({"null", "true", "false", "NaN", "Infinity"});
            case 3:
                return sequence(depth, '[', ']');
            default:
                return sequence(depth, '{', '}');
        }
    }

    std::string sequence(int depth, char open, char close) {
        std::string out(1, open);
        const std::size_t count = pick(4);
        for (std::size_t i = 0; i < count; ++i) {
            if (open == '{') out += blank() + name() + blank() + ":";
            out += blank() + value(depth + 1) + blank();
            if (i + 1 < count || pick(3) == 0) out += ",";
        }
        return out + blank() + close;
    }

    std::string name() {
        static const std::vector<std::string> kAll = {
            "a",       "b1",        "$",     "_x",        "模型",        "ünder",
            "\\u0061", "a\\u0062c", "null",  "__proto__", "constructor", "a\u200Cb",
            "'q q'",   "\"\"",      "\"a\"", "'\\x41'",   "Infinity",    "a\u0301"};
        return one_of(kAll);
    }

    std::string digits(std::size_t most) {
        std::string out;
        for (std::size_t n = pick(most + 1); n > 0; --n)
            out.push_back(static_cast<char>('0' + pick(10)));
        return out;
    }

    std::string number() {
        std::string out = one_of({"", "", "+", "-"});
        if (pick(4) == 0) {
            out += one_of({"0x", "0X"});
            for (std::size_t n = pick(20); n > 0; --n)
                out.push_back("0123456789abcdefABCDEF"[pick(22)]);
            return out;
        }
        out += one_of({"", "0", "1", std::to_string(random_())}) + (pick(6) == 0 ? digits(25) : "");
        if (pick(2) == 0) out += "." + digits(18);
        if (pick(3) == 0) out += one_of({"e", "E"}) + one_of({"", "+", "-"}) + digits(3);
        return out;
    }

    std::string string() {
        static const std::vector<std::string> kPieces = {"a",        "模",      "😀",
                                                         "\\n",      "\\v",     "\\0",
                                                         "\\x41",    "\\u0042", "\\uD83D\\uDE00",
                                                         "\\uD83D",  "\\uDE00", "\\'",
                                                         "\\\"",     "\\\\",    "\\/",
                                                         "\\a",      "\\\n",    "\\\r\n",
                                                         "\\\u2028", "\u2028",  "\u2029",
                                                         "\t",       "//",      "/*",
                                                         "\\1",      "\\01",    "\\x4",
                                                         "\\u12",    "$A",      "\x01",
                                                         "0"};
        const std::string quote = one_of({"'", "\""});
        std::string out = quote;
        for (std::size_t n = pick(6); n > 0; --n) out += one_of(kPieces);
        return out + quote;
    }

    void corrupt(std::string& text) {
        static const std::vector<std::string> kPieces = {
            "{", "}", "[", "]", ",", ":", "'",  "\"", "\\",     "/", "*",
            "0", "1", "e", ".", "-", "x", "\n", " ",  "\u2028", "#", "“"};
        // Between code points only: json5 reads text, not bytes.
        std::size_t at = pick(text.size() + 1);
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
        if (pick(2) == 0 || at >= text.size() || static_cast<unsigned char>(text[at]) >= 0x80) {
            text.insert(at, one_of(kPieces));
        } else {
            text.erase(at, 1);
        }
    }

    std::mt19937 random_;
};

TEST(Json5Differential, AgreesWithThePackage) {
    constexpr int kTexts = 20'000;
    Generator generator(2012);
    Json corpus = Json::array();
    for (int i = 0; i < kTexts; ++i) corpus.push_back(generator.text());
    const fixture::TemporaryDirectory directory;
    const std::string questions = directory.path() / "corpus.json";
    const std::string answers = directory.path() / "answers.json";
    std::ofstream(questions) << corpus.dump();
    const std::string command =
        fmt::format("node {}/tests/config/json5_differential.mjs {} {} 2>&1", CCR_SOURCE_DIR,
                    questions, answers);
    const int status = std::system(command.c_str());
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == 77 || code == 127) GTEST_SKIP() << "node or its package json5 is not installed";
    ASSERT_EQ(code, 0);
    const Json theirs = Json::parse(std::ifstream(answers));
    ASSERT_EQ(theirs.size(), corpus.size());
    int accepted = 0;
    for (int i = 0; i < kTexts; ++i) {
        const std::string text = corpus[i];
        const auto ours = parse_json5(text, "f");
        ASSERT_EQ(ours.has_value(), !theirs[i].is_null()) << text << '\n'
                                                          << (ours ? "" : ours.error().message);
        if (!ours) continue;
        ++accepted;
        ASSERT_EQ(canonical(*ours->root), sorted(theirs[i]["v"])) << text;
    }
    // Both sides of the question are well covered.
    EXPECT_GT(accepted, kTexts / 10);
    EXPECT_LT(accepted, kTexts * 9 / 10);
}

}  // namespace
}  // namespace ccr::config
