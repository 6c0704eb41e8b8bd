#include "json/splice.h"

#include <algorithm>

#include "base/copy.h"

namespace ccr::json {
namespace {

constexpr std::size_t kRoomForMore = 256;  // what a few small edits add

}  // namespace

Splice replace(View value, std::string json) {
    return {value.begin(), value.end(), std::move(json)};
}

// Each cut range runs from the end of the last kept neighbour to the end of the cut run, or, for a
// run at the front, up to the start of the first kept element: so exactly one comma goes with each
// element.
void cut_elements(View array, const std::vector<bool>& keep, std::vector<Splice>& splices) {
    std::uint32_t kept_end = 0;  // end of the last kept element, 0 = none yet
    std::uint32_t run_begin = 0, run_end = 0;
    std::size_t i = 0;
    for (const View element : array.elements()) {
        const bool kept = i >= keep.size() || keep[i];
        ++i;
        if (!kept) {
            if (run_end == 0) run_begin = kept_end != 0 ? kept_end : element.begin();
            run_end = element.end();
            continue;
        }
        if (run_end != 0)
            splices.push_back({run_begin, kept_end != 0 ? run_end : element.begin(), ""});
        run_end = 0;
        kept_end = element.end();
    }
    if (run_end != 0) splices.push_back({run_begin, run_end, ""});
}

void cut_member(View object, std::string_view key, std::vector<Splice>& splices) {
    std::uint32_t previous_end = 0;
    bool cut_first = false;
    std::uint32_t begin = 0;
    for (const View::Member member : object.members()) {
        if (cut_first) {
            splices.push_back({begin, member.key_node.begin(), ""});
            return;
        }
        if (member.named(key)) {
            if (previous_end != 0) {
                splices.push_back({previous_end, member.value.end(), ""});
                return;
            }
            cut_first = true;
            begin = member.key_node.begin();
        }
        previous_end = member.value.end();
    }
    if (cut_first) splices.push_back({begin, previous_end, ""});
}

Splice add_member(View object, std::string_view key, std::string_view json) {
    std::string text = object.has_elements() ? ",\"" : "\"";
    text.append(key).append("\":").append(json);
    return {object.end() - 1, object.end() - 1, std::move(text)};
}

std::string apply(std::string_view text, std::vector<Splice> splices) {
    return SplicedText(text, std::move(splices)).take();
}

SplicedText::SplicedText(std::string_view source, std::vector<Splice> splices)
    : source_(source), splices_(std::move(splices)) {
    std::ranges::stable_sort(splices_, {}, &Splice::begin);
}

std::vector<std::string_view> SplicedText::pieces() const {
    std::vector<std::string_view> out;
    const auto add = [&out](std::string_view piece) {
        if (!piece.empty()) out.push_back(piece);
    };
    if (is_whole_) {
        add(text_);
        return out;
    }
    out.reserve(2 * splices_.size() + 1);
    std::size_t at = 0;
    for (const Splice& splice : splices_) {
        add(source_.substr(at, splice.begin - at));
        add(splice.replacement);
        at = splice.end;
    }
    add(source_.substr(at));
    return out;
}

std::size_t SplicedText::size() const {
    if (is_whole_) return text_.size();
    std::size_t size = source_.size();
    for (const Splice& splice : splices_)
        size = size + splice.replacement.size() - (splice.end - splice.begin);
    return size;
}

std::string& SplicedText::whole() {
    if (is_whole_) return text_;
    text_.reserve(size() + kRoomForMore);
    for (const std::string_view piece : pieces()) append_bytes(text_, piece);
    splices_.clear();
    is_whole_ = true;
    return text_;
}

std::string SplicedText::take() && {
    return std::move(whole());
}

}  // namespace ccr::json
