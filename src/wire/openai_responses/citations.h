// Citations: the web searches of an answer, and what its texts cite. Where a search does not name
// its finds, the citations are them.
//
// A plain object, one answer, one thread.
#pragma once

#include <string>
#include <vector>

#include "json/document.h"
#include "wire/block_tracker.h"

namespace ccr::wire::openai_responses {

class Citations {
  public:
    /// An annotation of a text.
    void cite(json::View annotation);
    /// A whole `web_search_call`; one that names its finds is told at once.
    void searched(json::View item, BlockTracker& blocks, chat::Events& out);
    /// Tells what was held back.
    void finish(BlockTracker& blocks, chat::Events& out);

  private:
    struct Hit {
        std::string url, title;  // escaped
        bool operator==(const Hit&) const = default;
    };
    struct Search {
        std::string id, query;  // escaped
        std::vector<Hit> hits;
    };
    static void tell(const Search& search, BlockTracker& blocks, chat::Events& out);

    std::vector<Search> searches_;  // whose finds the texts that follow will cite
    std::vector<Hit> hits_;
};

}  // namespace ccr::wire::openai_responses
