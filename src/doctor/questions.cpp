#include "doctor/questions.h"

#include <algorithm>
#include <array>

#include "base/text_case.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::doctor {
namespace {

using json::Writer;

constexpr std::string_view kTool = "look_up_weather";
// Thoughts count as output: a model that thinks before it calls needs room for both.
constexpr std::int64_t kRoomToAct = 4096;
constexpr std::int64_t kLeastBudget = 1024;  // as Messages has it
constexpr std::int64_t kRoomToThink = 2048;

// 64 x 64 pixels of orange: large enough for models that refuse tiny images, and no colour that a
// model without eyes would guess.
constexpr std::string_view kOrange =
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAATUlEQVR42u3PQQkAAAgEsOuPnb0IvoXBCiw7eS0CAgIC"
    "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICApcCCQexaQtDixEAAAAASUVORK5CYII=";

std::string question(std::string_view target, Streamed streamed, std::int64_t most,
                     std::string_view more, std::string_view content) {
    std::string out;
    Writer w(out);
    w.open_object().member("model", target).member("max_tokens", most);
    if (streamed == Streamed::yes) w.key("stream").boolean(true);
    w.key("messages").open_array().open_object().member("role", std::string_view("user"));
    w.member_raw("content", content).close_object().close_array();
    out += more;
    w.close_object();
    return out;
}

std::string text_content(std::string_view text) {
    std::string out;
    Writer(out).string(text);
    return out;
}

bool is_call(const ToolUse& call) {
    json::Document document;
    const auto root = document.parse(call.arguments);
    return call.name == kTool && root && !(*root)["city"].text().empty();
}

// Other things are refused with the same statuses: a balance that is too low, a region.
bool speaks_of_images(std::string message, std::string_view model) {
    message = lower_case(message);
    const std::string name = lower_case(model);
    for (std::size_t at = message.find(name); !name.empty() && at != std::string::npos;
         at = message.find(name, at))
        message.erase(at, name.size());
    const auto is_said = [&](std::string_view word) {
        return message.find(word) != std::string::npos;
    };
    return std::ranges::any_of(std::array{"image", "vision", "multimodal", "multi-modal"}, is_said);
}

}  // namespace

std::string plain_question(std::string_view target, Streamed streamed, std::int64_t most) {
    return question(target, streamed, most, "", text_content("Answer with the one word: ready"));
}

std::string tools_question(std::string_view target, Streamed streamed) {
    std::string tools = R"(,"tools":[{"name":")";
    tools += kTool;
    tools += R"(","description":"The weather of one city now.","input_schema":{"type":"object",)"
             R"("properties":{"city":{"type":"string"}},"required":["city"]}}])";
    return question(
        target, streamed, kRoomToAct, tools,
        text_content("Look up the weather in Paris and in Rome with the tool. Make both "
                     "calls at once, in this answer, and write nothing else."));
}

std::string image_question(std::string_view target, Streamed streamed) {
    std::string content =
        R"([{"type":"image","source":{"type":"base64","media_type":"image/png","data":")";
    content += kOrange;
    content +=
        R"("}},{"type":"text","text":"Which colour is this image? Answer with one English word."}])";
    return question(target, streamed, kRoomToAct, "", content);
}

std::string thinking_question(std::string_view target, Streamed streamed, bool is_adaptive) {
    std::string thinking = R"(,"thinking":{"type":"adaptive"})";
    if (!is_adaptive)
        thinking = R"(,"thinking":{"type":"enabled","budget_tokens":)" +
                   std::to_string(kLeastBudget) + "}";
    return question(target, streamed, kRoomToThink, thinking,
                    text_content("Is 391 a prime number? Think briefly, then answer yes or no."));
}

std::size_t calls_of(const Reply& reply) {
    return static_cast<std::size_t>(std::ranges::count_if(reply.calls, is_call));
}

std::optional<bool> saw_image(const Reply& reply, std::string_view model) {
    if (reply.refused() && speaks_of_images(reply.message, model)) return false;
    if (!reply.answered()) return std::nullopt;
    const std::string text = lower_case(reply.text);
    for (const std::string_view colour : {"orange", "amber"}) {
        if (text.find(colour) != std::string::npos) return true;
    }
    return std::nullopt;
}

}  // namespace ccr::doctor
