#include "report/console.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cstdlib>

#include "base/timestamp.h"
#include "report/record_json.h"

namespace ccr::report {
namespace {

using Level = config::ConsoleOutput::Level;
using Format = config::TokenSpeed::Format;

// As Node's console has it.
bool is_error_stream(Level level) {
    return level == Level::warn || level == Level::error;
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

// What a client chose steers no terminal: C0, DEL and C1, which is written C2 80 to C2 9F.
std::string harmless(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        if ((byte < 0x20 && byte != '\n') || byte == 0x7F) continue;
        if (byte == 0xC2 && next >= 0x80 && next < 0xA0)
            ++i;
        else
            out += text[i];
    }
    return out;
}

std::string plain_value(const Json& value) {
    return value.is_string() ? value.get<std::string>() : text_of(value, false);
}

std::string lines_of(const Json& object, std::string_view form) {
    std::string out;
    for (const auto& [name, value] : object.items())
        out += "\n" + fmt::format(fmt::runtime(form), name, plain_value(value));
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
    return " " + text_of(object, true);
}

// A pipe that is said to be writable takes this much at once (POSIX: PIPE_BUF).
bool takes_a_line(int descriptor) {
    pollfd ready{descriptor, POLLOUT, 0};
    return ::poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0;
}

}  // namespace

std::string console_text(const Record& record, const config::TokenSpeed& form,
                         const config::ConsoleOutput& settings, bool colored) {
    std::string head = form.timestamp ? "[" + iso_timestamp(record.time) + "] " : "";
    head += colored ? fmt::format("{}{}\x1b[0m", colour_of(settings.level), prefix_of(record))
                    : prefix_of(record);
    const std::string rest = body_of(json_of(record), form.format) + "\nMetadata:" +
                             body_of(metadata_of(record, form.metadata), form.format);
    return head + harmless(rest) + "\n";
}

Console::Console(config::TokenSpeed form, config::ConsoleOutput settings)
    : form_(std::move(form)),
      settings_(settings),
      descriptor_(is_error_stream(settings.level) ? STDERR_FILENO : STDOUT_FILENO),
      colored_(settings.colors && ::isatty(descriptor_) == 1 &&
               std::getenv("NO_COLOR") == nullptr) {}

void Console::take(const Record& record) {
    const std::string text = console_text(record, form_, settings_, colored_);
    if (!takes_a_line(descriptor_)) return;
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    (void)written;  // a console that is gone is nobody's loss
}

}  // namespace ccr::report
