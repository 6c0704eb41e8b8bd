#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wire/random_stream_fixture.h"

namespace ccr::wire {
namespace {

using json::Random;

// One server's habits, and the stream it writes.
class GeminiServer {
  public:
    explicit GeminiServer(Random& r)
        : r_(r), has_id_(r.chance(0.5)), newline_(r.chance(0.5) ? "\r\n" : "\n") {}

    std::string answer() {
        for (std::size_t chunks = 1 + r_.below(7); chunks > 0; --chunks) chunk(parts(), "");
        const char* reason =
            r_.pick(std::array{"STOP", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION"});
        const std::string last = r_.chance(0.5) ? R"({"text":""})" : parts();
        chunk(last, fmt::format(R"(,"finishReason":"{}"{})", reason,
                                r_.chance(0.2) ? grounding() : std::string()));
        return std::move(out_);
    }

  private:
    void chunk(const std::string& parts, const std::string& more) {
        std::string data = fmt::format(
            R"({{"candidates":[{{"content":{{"parts":[{}],"role":"model"}},"index":0{}}}])", parts,
            more);
        if (r_.chance(0.7))
            data += fmt::format(
                R"(,"usageMetadata":{{"promptTokenCount":{},"candidatesTokenCount":{}}})",
                100 + r_.below(900), r_.below(100));
        out_ += fmt::format(R"(data: {},"responseId":"g1"}}{}{})", data, newline_, newline_);
    }
    std::string parts() {
        std::string out;
        for (std::size_t n = 1 + r_.below(3); n > 0; --n) {
            if (!out.empty()) out += ',';
            out += part();
        }
        return out;
    }
    std::string signature() {
        return r_.chance(0.4) ? fmt::format(R"(,"thoughtSignature":"c2ln{}")", r_.below(10)) : "";
    }
    std::string part() {
        switch (r_.below(6)) {
            case 0:
                return fmt::format(R"({{"text":"{}","thought":true{}}})",
                                   json::random_escaped(r_, 8), signature());
            case 1: {
                const std::string id =
                    has_id_ ? fmt::format(R"("id":"fc-{}",)", number_) : std::string();
                return fmt::format(R"({{"functionCall":{{{}"name":"tool_{}","args":{}}}{}}})", id,
                                   number_++, arguments(), signature());
            }
            case 2:
                return R"({"executableCode":{"language":"PYTHON","code":"x = 1"}})";
            default:
                return fmt::format(R"({{"text":"{}"{}}})", json::random_escaped(r_, 8),
                                   r_.chance(0.2) ? signature() : "");
        }
    }
    // An event's data is one line.
    std::string arguments() {
        std::string out = json::random_container(r_, 2, true);
        std::ranges::replace_if(out, [](char c) { return c == '\n' || c == '\r'; }, ' ');
        return out;
    }
    static std::string grounding() {
        return R"(,"groundingMetadata":{"webSearchQueries":["q"],"groundingChunks":[{"web":{"uri":"https://e.org","title":"E"}}]})";
    }

    Random& r_;
    bool has_id_;
    std::string newline_, out_;
    std::size_t number_ = 0;
};

}  // namespace

std::string random_gemini_stream(Random& r) {
    return GeminiServer(r).answer();
}

}  // namespace ccr::wire
