#include "cli/table.h"

#include <algorithm>

namespace ccr::cli {
std::string table(const std::vector<std::vector<Cell>>& rows, bool colored) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        if (widths.size() < row.size()) widths.resize(row.size());
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns_of(row[i].text));
    }
    std::string out;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const Cell& cell = row[i];
            const std::string text = plain(cell.text);
            out += cell.style ? styled(*cell.style, text, colored) : text;
            if (i + 1 < row.size()) out.append(widths[i] - columns_of(cell.text) + 2, ' ');
        }
        while (out.ends_with(' ')) out.pop_back();
        out += '\n';
    }
    return out;
}

}  // namespace ccr::cli
