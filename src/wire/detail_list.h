// DetailList: a provider's `reasoning_details` array, put together from a stream's pieces.
//
// The provider wants the array back whole (openrouter.ai/docs, reasoning tokens, "Preserving
// reasoning blocks"), and a stream sends one text entry as hundreds of pieces: pieces of one entry
// are joined, whatever else is in an entry stays as it came. A plain object, one reasoning block,
// one thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "json/document.h"

namespace ccr::wire {

class DetailList {
  public:
    /// The elements of one chunk's array. Elements of one call are never joined with each other.
    void add(json::View array);
    bool empty() const { return entries_.empty(); }
    /// The whole as JSON text.
    std::string json() const;

  private:
    struct Entry {
        std::vector<std::pair<std::string, std::string>> members;  // escaped name, raw value
        std::string raw;  // of an element that is no object
        const std::string* find(std::string_view key) const;
        void merge(const std::string& key, const std::string& value);
        bool continued_by(const Entry& next) const;
    };
    static Entry entry_of(json::View element);

    std::vector<Entry> entries_;
};

}  // namespace ccr::wire
