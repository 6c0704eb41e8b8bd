// Golden requests: every recorded request of every client, as a provider of each protocol gets it,
// and what was lost. To be read by a person they are cut: a tool's name stands for the tool, which
// is in a file of its own, and a long text is its beginning, its size and a sum over it.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "wire/client_requests_fixture.h"
#include "wire/golden_fixture.h"
#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

using Model = nlohmann::ordered_json;

constexpr std::size_t kLongText = 200, kShown = 100;

std::uint32_t sum_over(std::string_view text) {  // FNV-1a
    std::uint32_t out = 2166136261u;
    for (const char c : text) out = (out ^ static_cast<unsigned char>(c)) * 16777619u;
    return out;
}

std::string shortened(const std::string& text) {
    std::size_t end = kShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    return fmt::format("{}… [{} bytes, {:08x}]", text.substr(0, end), text.size(), sum_over(text));
}

void shorten(Model& value) {
    if (value.is_string() && value.get_ref<const std::string&>().size() > kLongText)
        value = shortened(value.get<std::string>());
    if (!value.is_structured()) return;
    for (Model& inner : value) shorten(inner);
}

std::string name_of_tool(const Model& tool) {
    const Model& function = tool.contains("function") ? tool["function"] : tool;
    if (function.contains("name")) return function["name"].get<std::string>();
    if (function.contains("type")) return function["type"].get<std::string>();
    return tool.begin().key();  // Gemini's own: {"googleSearch":{}}
}

/// The tools that a client's requests hold, each once.
class Tools {
  public:
    /// Puts its name in the place of each tool.
    void take(Model& tools) {
        for (Model& tool : tools) {
            if (tool.contains("functionDeclarations"))
                take(tool["functionDeclarations"]);
            else
                tool = kept(tool);
        }
    }
    std::string text() const { return all_.dump(1) + "\n"; }

  private:
    std::string kept(const Model& tool) {
        const std::string name = name_of_tool(tool);
        for (int number = 1;; ++number) {
            const std::string key = number == 1 ? name : fmt::format("{} #{}", name, number);
            if (all_.contains(key) && all_[key] != tool) continue;
            all_[key] = tool;
            return key;
        }
    }
    Model all_ = Model::object();
};

Model shown(const Encoded& encoded, Tools& tools) {
    Model out{{"losses", Model::array()}, {"request", Model::parse(encoded.body)}};
    for (const chat::Loss& loss : encoded.losses)
        out["losses"].push_back(fmt::format("{}: {} ({})", loss.where, loss.what, loss.why));
    shorten(out["request"]);
    if (out["request"].contains("tools")) tools.take(out["request"]["tools"]);
    return out;
}

class GoldenRequests : public testing::TestWithParam<ClientRequests> {};

TEST_P(GoldenRequests, AreAsTheyWereRead) {
    const ClientRequests& client = GetParam();
    const std::vector<RecordedRequest> recorded = recorded_requests(client);
    EXPECT_GE(recorded.size(), 3u);
    for (const Protocol to : kProtocols) {
        Tools tools;
        for (const RecordedRequest& one : recorded) {
            const DecodedRequest request(*codec_of(client.protocol), one.body);
            ASSERT_TRUE(request.conversation) << one.name << request.conversation.error().message;
            const Encoded encoded =
                codec_of(to)->encode_request(*request.conversation, test_target(to));
            expect_golden(
                fmt::format("requests/{}/{}.to.{}.json", client.name, one.name, short_name(to)),
                shown(encoded, tools).dump(1) + "\n");
        }
        expect_golden(fmt::format("requests/{}/tools.to.{}.json", client.name, short_name(to)),
                      tools.text());
    }
}

INSTANTIATE_TEST_SUITE_P(Clients, GoldenRequests,
                         testing::ValuesIn(client_requests().begin(), client_requests().end()),
                         [](const auto& one) {
                             std::string name(one.param.name);
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace ccr::wire
