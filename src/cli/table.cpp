#include "cli/table.h"

#include <algorithm>

namespace ccr::cli {
namespace {

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string table(const std::vector<std::vector<Cell>>& rows, bool colored) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        if (widths.size() < row.size()) widths.resize(row.size());
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i].text));
    }
    std::string out;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const Cell& cell = row[i];
            out += cell.style ? styled(*cell.style, cell.text, colored) : cell.text;
            if (i + 1 < row.size()) out.append(widths[i] - width_of(cell.text) + 2, ' ');
        }
        while (out.ends_with(' ')) out.pop_back();
        out += '\n';
    }
    return out;
}

}  // namespace ccr::cli
