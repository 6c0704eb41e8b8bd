#include "adapt/refusal_text.h"

#include <array>

#include "base/text_case.h"
#include "json/document.h"

namespace ccr::adapt {
namespace {

using json::View;

constexpr std::size_t kMostStatements = 32;
constexpr std::size_t kLongest = 4096;  // of one statement; the rest quotes the request
constexpr int kDeepest = 6;

class Reader {
  public:
    void read(View value, int depth);
    void say(std::string_view text, std::string field);
    std::vector<Statement> out;

  private:
    void read_text(const std::string& text, const std::string& field, int depth);
    void read_object(View object, int depth);
};

// FastAPI: {"loc": ["body", "messages", 3, "assistant", "name"], "msg": ...}
std::string path_of(View loc) {
    std::string out;
    for (const View step : loc.elements()) {
        if (!out.empty()) out += '.';
        out += step.is_string() ? step.text().decode() : std::string(step.raw());
    }
    return out;
}

std::string field_beside(View object) {
    if (object["loc"].is_array()) return path_of(object["loc"]);
    if (object["param"].is_string()) return object["param"].text().decode();
    return object["field"].text().decode();
}

void Reader::say(std::string_view text, std::string field) {
    if (out.size() < kMostStatements && !text.empty())
        out.push_back({lower_case(text.substr(0, kLongest)), std::move(field)});
}

void Reader::read_text(const std::string& text, const std::string& field, int depth) {
    const bool may_be_json = !text.empty() && (text.front() == '{' || text.front() == '[');
    json::Document inner;
    const auto root = may_be_json ? inner.parse(text) : Result<View>(View());
    if (root && *root)
        read(*root, depth + 1);
    else
        say(text, field);
}

void Reader::read_object(View object, int depth) {
    static constexpr auto kSaid = std::to_array<std::string_view>(
        {"message", "msg", "detail", "description", "raw", "error", "error_message"});
    const std::string field = field_beside(object);
    for (const View::Member member : object.members()) {
        bool is_said = false;
        for (const std::string_view name : kSaid) is_said = is_said || member.named(name);
        // What validators quote as `input` is the request, and says nothing.
        if (member.named("input") || member.named("ctx") || member.named("loc")) continue;
        if (!member.value.is_string())
            read(member.value, depth + 1);
        else if (is_said)
            read_text(member.value.text().decode(), field, depth);
    }
}

void Reader::read(View value, int depth) {
    if (depth > kDeepest) return;
    if (value.is_object()) return read_object(value, depth);
    for (const View element : value.elements()) {
        if (element.is_string())
            read_text(element.text().decode(), {}, depth);
        else
            read(element, depth + 1);
    }
}

}  // namespace

std::vector<Statement> statements_of(std::string_view body) {
    Reader reader;
    json::Document document;
    if (const auto root = document.parse(body); root && (root->is_object() || root->is_array()))
        reader.read(*root, 0);
    else
        reader.say(body, {});
    return std::move(reader.out);
}

}  // namespace ccr::adapt
