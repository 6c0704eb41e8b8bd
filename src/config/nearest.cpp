#include "config/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "config/node.h"

namespace ccr::config {
namespace {

// Damerau-Levenshtein distance (adjacent letters exchanged count once), over the last three rows.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
    std::iota(previous.begin(), previous.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({previous[j] + 1, row[j - 1] + 1, change});
            const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, previous);
        std::swap(previous, row);
    }
    return previous[b.size()];
}

}  // namespace

std::string nearest(std::string_view name, std::span<const std::string_view> known) {
    // Names are short; a longer text is no misspelling of one, and would cost time.
    constexpr std::size_t kLongest = 200;
    const std::string wanted = folded(name);
    if (wanted.size() > kLongest) return "";
    std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    std::string_view winner;
    for (const std::string_view candidate : known) {
        if (candidate.size() > kLongest) continue;
        const std::string known_name = folded(candidate);
        std::size_t d = distance(wanted, known_name);
        if (wanted.size() >= 3 && known_name.starts_with(wanted)) d = std::min<std::size_t>(d, 1);
        if (d < best) {
            best = d;
            winner = candidate;
        }
    }
    return std::string(winner);
}

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
    const std::vector<std::string_view> views(known.begin(), known.end());
    return nearest(name, std::span<const std::string_view>(views));
}

std::string did_you_mean(const std::string& near) {
    return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

std::string listed(const std::vector<std::string>& names, std::size_t limit) {
    std::string out;
    for (std::size_t i = 0; i < std::min(limit, names.size()); ++i) {
        if (i > 0) out += ", ";
        out += names[i];
    }
    if (names.size() > limit) out += fmt::format(" and {} more", names.size() - limit);
    return out;
}

}  // namespace ccr::config
