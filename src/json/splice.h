// Splices: edits of a JSON text as byte ranges, so that every byte outside them stays the sender's
// own.
//
// Plain values. Ranges refer to the text they are applied to and may come in any order but must not
// overlap.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/document.h"

namespace ccr::json {

struct Splice {
    std::uint32_t begin;
    std::uint32_t end;
    std::string replacement;
};

/// Replaces a value by `json`.
Splice replace(View value, std::string json);

/// Cuts those elements of `array` for which `keep[i]` is false, with their commas.
void cut_elements(View array, const std::vector<bool>& keep, std::vector<Splice>& splices);

/// Cuts one member out of `object`, with one comma. Nothing when it has no such member. At most one
/// cut per object in one application.
void cut_member(View object, std::string_view key, std::vector<Splice>& splices);

/// Adds a member at the end of an object.
Splice add_member(View object, std::string_view key, std::string_view json);

/// The text with the splices applied.
std::string apply(std::string_view text, std::vector<Splice> splices);

/// A text with splices that is copied only when somebody wants it in one piece: until then what no
/// splice names stays where it lies, and must outlive this.
class SplicedText {
  public:
    SplicedText() = default;
    explicit SplicedText(std::string whole) : text_(std::move(whole)), is_whole_(true) {}
    SplicedText(std::string_view source, std::vector<Splice> splices);

    std::size_t size() const;
    /// In order, none of them empty; valid until the next whole() or take().
    std::vector<std::string_view> pieces() const;
    std::string& whole();
    std::string take() &&;

  private:
    std::string text_;
    std::string_view source_;
    std::vector<Splice> splices_;  // by place
    bool is_whole_ = false;
};

}  // namespace ccr::json
