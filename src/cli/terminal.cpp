#include "cli/terminal.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>

#include "base/control_characters.h"
#include "json/utf8.h"

namespace ccr::cli {
namespace {

std::string_view code_of(Style style) {
    switch (style) {
        case Style::bold:
            return "1";
        case Style::dim:
            return "2";
        case Style::red:
            return "31";
        case Style::yellow:
            return "33";
        case Style::green:
            return "32";
        case Style::cyan:
            break;
    }
    return "36";
}

/// Standard input without echo and without lines, until the end of its life.
class RawInput {
  public:
    RawInput() {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios raw = before_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
    }
    ~RawInput() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    RawInput(const RawInput&) = delete;
    RawInput& operator=(const RawInput&) = delete;

  private:
    termios before_{};
};

void put(std::string_view text) {
    fmt::print(stderr, "{}", text);
    std::fflush(stderr);
}

// One typed byte taken in; false when the line is complete, with `given_up` when it was broken off.
bool take_key(char key, std::string& line, bool& given_up) {
    constexpr char kInterrupt = 3, kEnd = 4, kBackspace = 8, kKill = 21, kDelete = 127;
    if (key == '\n' || key == '\r') return false;
    if (key == kInterrupt || key == kEnd) {
        given_up = true;
        return false;
    }
    if (key == kBackspace || key == kDelete) {
        if (!line.empty()) put("\b \b");
        if (!line.empty()) line.pop_back();
    } else if (key == kKill) {
        for (std::size_t i = 0; i < line.size(); ++i) put("\b \b");
        line.clear();
    } else if (static_cast<unsigned char>(key) >= ' ') {
        line.push_back(key);
        put("*");
    }
    return true;
}

}  // namespace

bool takes_colors(int descriptor, const config::Environment& environment) {
    return ::isatty(descriptor) == 1 && environment("NO_COLOR").value_or("").empty() &&
           environment("TERM").value_or("dumb") != "dumb";
}

std::string styled(Style style, std::string_view text, bool colored) {
    return colored ? fmt::format("\x1b[{}m{}\x1b[0m", code_of(style), text) : std::string(text);
}

std::string plain(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t control = length_of_control(text.substr(at));
        out += control == 0 ? text[at] : ' ';
        at += std::max<std::size_t>(control, 1);
    }
    return out;
}

std::string printable(std::string_view text) {
    const std::string mended =
        json::is_valid_utf8(text) ? std::string(text) : json::mended_utf8(text);
    std::string out;
    for (std::size_t at = 0; at < mended.size();) {
        const std::size_t control = length_of_control(std::string_view(mended).substr(at));
        if (control == 0)
            out += mended[at];
        else
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(mended[at + control - 1]));
        at += std::max<std::size_t>(control, 1);
    }
    return out;
}

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool can_ask() {
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

bool ask_yes(const std::string& question) {
    put(question + " [y/N] ");
    std::string line;
    std::getline(std::cin, line);
    return line == "y" || line == "Y" || line == "yes";
}

Result<std::string> ask_secret(const std::string& question) {
    if (!can_ask())
        return fail(ErrorKind::invalid_request, "There is no terminal to ask for the key in.");
    std::string line;
    bool given_up = false;
    {
        const RawInput raw;  // first: what is typed as soon as the question stands is hidden, too
        put(question + " ");
        char key = 0;
        while (true) {
            const ssize_t got = ::read(STDIN_FILENO, &key, 1);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) given_up = true;
            if (got <= 0 || !take_key(key, line, given_up)) break;
        }
    }
    put("\n");
    if (given_up) return fail(ErrorKind::invalid_request, "Nothing was entered; nothing is done.");
    return line;
}

}  // namespace ccr::cli
