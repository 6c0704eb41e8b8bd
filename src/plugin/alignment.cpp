#include "plugin/alignment.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace ccr::plugin {
namespace {

using Items = std::vector<std::string>;

constexpr std::size_t kLargestTable = std::size_t{4} << 20;

struct Range {
    std::size_t begin, end;
    std::size_t size() const { return end - begin; }
};

// Longest common subsequence; what is too large for its table is matched as it comes.
class Matching {
  public:
    Matching(const Items& before, const Items& after, std::vector<Origin>& out)
        : before_(before), after_(after), out_(out) {}

    void run() {
        Range b{0, before_.size()}, a{0, after_.size()};
        while (b.size() > 0 && a.size() > 0 && before_[b.begin] == after_[a.begin])
            match(b.begin++, a.begin++);
        while (b.size() > 0 && a.size() > 0 && before_[b.end - 1] == after_[a.end - 1])
            match(--b.end, --a.end);
        if (b.size() * a.size() <= kLargestTable)
            by_table(b, a);
        else
            as_they_come(b, a);
    }

  private:
    void match(std::size_t before, std::size_t after) { out_[after] = {before, true}; }

    void by_table(Range b, Range a) {
        const std::size_t width = a.size() + 1;
        std::vector<std::uint32_t> longest((b.size() + 1) * width);
        for (std::size_t i = b.size(); i-- > 0;) {
            for (std::size_t j = a.size(); j-- > 0;) {
                longest[i * width + j] =
                    before_[b.begin + i] == after_[a.begin + j]
                        ? longest[(i + 1) * width + j + 1] + 1
                        : std::max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
            }
        }
        for (std::size_t i = 0, j = 0; i < b.size() && j < a.size();) {
            if (before_[b.begin + i] == after_[a.begin + j])
                match(b.begin + i++, a.begin + j++);
            else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1])
                ++i;
            else
                ++j;
        }
    }

    void as_they_come(Range b, Range a) {
        for (std::size_t j = a.begin, i = b.begin; j < a.end; ++j) {
            for (std::size_t k = i; k < b.end; ++k) {
                if (before_[k] != after_[j]) continue;
                match(k, j);
                i = k + 1;
                break;
            }
        }
    }

    const Items& before_;
    const Items& after_;
    std::vector<Origin>& out_;
};

std::vector<bool> taken(const std::vector<Origin>& origins, std::size_t size) {
    std::vector<bool> out(size);
    for (const Origin& origin : origins) {
        if (origin.before) out[*origin.before] = true;
    }
    return out;
}

void find_moved(const Items& before, const Items& after, std::vector<Origin>& out) {
    const std::vector<bool> stayed = taken(out, before.size());
    std::unordered_multimap<std::string_view, std::size_t> left;
    for (std::size_t i = before.size(); i-- > 0;) {
        if (!stayed[i]) left.emplace(before[i], i);
    }
    for (std::size_t j = 0; j < after.size(); ++j) {
        if (out[j].before) continue;
        const auto found = left.find(after[j]);
        if (found == left.end()) continue;
        out[j] = {found->second, true};
        left.erase(found);
    }
}

}  // namespace

std::vector<Origin> align(const Items& before, const Items& after,
                          const std::function<bool(std::size_t, std::size_t)>& may_become) {
    std::vector<Origin> out(after.size());
    Matching(before, after, out).run();
    // Before moved ones are looked for, the gaps are between those that stayed.
    std::vector<std::size_t> gap_begin(after.size()), gap_end(after.size(), before.size());
    for (std::size_t j = 0, last = 0; j < after.size(); ++j) {
        gap_begin[j] = last;
        if (out[j].before) last = *out[j].before + 1;
    }
    for (std::size_t j = after.size(), next = before.size(); j-- > 0;) {
        gap_end[j] = next;
        if (out[j].before) next = *out[j].before;
    }
    find_moved(before, after, out);
    std::vector<bool> used = taken(out, before.size());
    for (std::size_t j = 0; j < after.size(); ++j) {
        if (out[j].before) continue;
        for (std::size_t i = gap_begin[j]; i < gap_end[j]; ++i) {
            if (used[i] || !may_become(i, j)) continue;
            out[j] = {i, false};
            used[i] = true;
            break;
        }
    }
    return out;
}

}  // namespace ccr::plugin
