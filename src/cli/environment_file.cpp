#include "cli/environment_file.h"

#include <algorithm>
#include <ranges>
#include <string_view>
#include <vector>

namespace ccr::cli {
namespace {

constexpr std::string_view kEscaped = "\"\\`$";
constexpr std::string_view kBlank = " \t\r";

struct Assignment {
    std::string name, value;
    std::size_t begin = 0, end = 0;  // of its text, without the line's end
};

/// Reads from `at` on, by the rules of systemd's own parser.
class EnvironmentReader {
  public:
    explicit EnvironmentReader(std::string_view text) : text_(text) {}

    std::vector<Assignment> run() {
        std::vector<Assignment> out;
        while (!is_over()) {
            pass_blanks();
            const std::size_t begin = at_;
            const std::size_t line_end = std::min(text_.find('\n', begin), text_.size());
            const std::size_t sign = text_.substr(0, line_end).find('=', begin);
            const bool is_comment =
                begin < line_end && (text_[begin] == '#' || text_[begin] == ';');
            at_ = line_end;
            if (!is_comment && sign != std::string_view::npos) {
                at_ = sign + 1;
                std::string name = stripped(text_.substr(begin, sign - begin));
                std::string value = read_value();
                out.push_back({std::move(name), std::move(value), begin, at_});
            }
            if (!is_over()) ++at_;
        }
        return out;
    }

  private:
    bool is_over() const { return at_ >= text_.size(); }
    void pass_blanks() {
        while (!is_over() && kBlank.find(text_[at_]) != std::string_view::npos) ++at_;
    }
    static std::string stripped(std::string_view text) {
        const std::size_t last = text.find_last_not_of(kBlank);
        return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
    }

    // Quoted parts may follow each other; what begins without quotes goes on to the line's end.
    std::string read_value() {
        std::string out;
        for (pass_blanks(); !is_over() && text_[at_] != '\n'; pass_blanks()) {
            if (text_[at_] == '\'')
                read_single(out);
            else if (text_[at_] == '"')
                read_double(out);
            else
                return out + read_bare();
        }
        return out;
    }
    void read_single(std::string& out) {
        const std::size_t close = std::min(text_.find('\'', at_ + 1), text_.size());
        out += text_.substr(at_ + 1, close - at_ - 1);
        at_ = std::min(close + 1, text_.size());
    }
    void read_double(std::string& out) {
        for (++at_; !is_over() && text_[at_] != '"'; ++at_) {
            const bool escapes = text_[at_] == '\\' && at_ + 1 < text_.size();
            if (!escapes) {
                out += text_[at_];
                continue;
            }
            ++at_;
            if (text_[at_] == '\n') continue;
            if (kEscaped.find(text_[at_]) == std::string_view::npos) out += '\\';
            out += text_[at_];
        }
        if (!is_over()) ++at_;
    }
    std::string read_bare() {
        std::string out;
        for (; !is_over() && text_[at_] != '\n'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[++at_] == '\n') continue;
            out += text_[at_];
        }
        return stripped(out);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string line_of(const std::string& name, std::string_view value) {
    std::string out = name + "=\"";
    for (const char c : value) {
        if (kEscaped.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace

Variables variables_of(const std::string& text) {
    Variables out;
    for (const Assignment& found : EnvironmentReader(text).run()) out[found.name] = found.value;
    return out;
}

std::string with_variables(std::string text, const Variables& variables) {
    Variables left = variables;
    const std::vector<Assignment> found = EnvironmentReader(text).run();
    // From the end: the last of a name counts, and places before it stay right.
    for (const Assignment& there : found | std::views::reverse) {
        const auto wanted = left.find(there.name);
        if (wanted == left.end()) continue;
        if (there.value != wanted->second)
            text.replace(there.begin, there.end - there.begin, line_of(there.name, wanted->second));
        left.erase(wanted);
    }
    if (!left.empty() && !text.empty() && !text.ends_with('\n')) text += '\n';
    for (const auto& [name, value] : left) text += line_of(name, value) + "\n";
    return text;
}

}  // namespace ccr::cli
