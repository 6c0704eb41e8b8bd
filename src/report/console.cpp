#include "report/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/control_characters.h"
#include "base/timestamp.h"
#include "report/record_json.h"

namespace ccr::report {
namespace {

using Level = config::ConsoleOutput::Level;
using Format = config::TokenSpeed::Format;

// As Node's console has it.
int descriptor_of(const config::ConsoleOutput& settings) {
    const bool is_trouble = settings.level == Level::warn || settings.level == Level::error;
    return is_trouble ? STDERR_FILENO : STDOUT_FILENO;
}

std::string_view colour_of(Level level) {
    switch (level) {
        case Level::info:
            return "\x1b[34m";
        case Level::warn:
            return "\x1b[33m";
        case Level::error:
            return "\x1b[31m";
        case Level::debug:
            return "\x1b[90m";
        case Level::log:
            break;
    }
    return "\x1b[36m";
}

std::string plain_value(const Json& value) {
    return value.is_string() ? value.get<std::string>() : text_of(value, false);
}

// What a client chose steers no terminal and begins no line.
std::string lines_of(const Json& object, std::string_view form) {
    std::string out;
    for (const auto& [name, value] : object.items())
        out += "\n" + without_controls(fmt::format(fmt::runtime(form), name, plain_value(value)));
    return out;
}

// JSON escapes C0 within its texts.
std::string json_lines(const Json& object) {
    std::string out = " ";
    const std::string text = text_of(object, true);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        out += without_controls(std::string_view(text).substr(begin, end - begin));
        if (end < text.size()) out += '\n';
        begin = end + 1;
    }
    return out;
}

std::string body_of(const Json& object, Format format) {
    switch (format) {
        case Format::text:
            return lines_of(object, "  {}: {}");
        case Format::markdown:
            return lines_of(object, "- **{}**: {}");
        case Format::json:
            break;
    }
    return json_lines(object);
}

}  // namespace

std::string console_text(const Record& record, const config::TokenSpeed& form,
                         const config::ConsoleOutput& settings, bool colored) {
    std::string head = form.timestamp ? "[" + iso_timestamp(record.time) + "] " : "";
    head += colored ? fmt::format("{}{}\x1b[0m", colour_of(settings.level), prefix_of(record))
                    : prefix_of(record);
    const std::string rest = body_of(json_of(record), form.format) + "\nMetadata:" +
                             body_of(metadata_of(record, form.metadata), form.format);
    return head + rest + "\n";
}

Console::Console(config::TokenSpeed form, config::ConsoleOutput settings)
    : form_(std::move(form)),
      settings_(settings),
      colored_(settings.colors && ::isatty(descriptor_of(settings)) == 1 &&
               std::getenv("NO_COLOR") == nullptr),
      stream_(descriptor_of(settings)) {}

void Console::take(const Record& record) {
    stream_.put(console_text(record, form_, settings_, colored_));
}

}  // namespace ccr::report
