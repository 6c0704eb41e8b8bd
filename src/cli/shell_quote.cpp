#include "cli/shell_quote.h"

namespace ccr::cli {

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

std::string export_lines(const std::vector<Variable>& variables) {
    std::string out;
    for (const auto& [name, value, yields] : variables) {
        out += value ? "export " + name + "=" + shell_quoted(*value) : "unset " + name;
        out += '\n';
    }
    return out;
}

}  // namespace ccr::cli
