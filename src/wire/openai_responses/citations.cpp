// Shapes: API reference, "The response object", output: web_search_call and annotations.
#include "wire/openai_responses/citations.h"

#include <algorithm>

namespace ccr::wire::openai_responses {

using json::Text;
using json::View;

void Citations::cite(View annotation) {
    if (!annotation["type"].text().equals("url_citation")) return;
    const View nested = annotation["url_citation"];  // as Chat writes it
    const View citation = nested.is_object() ? nested : annotation;
    Hit hit{std::string(citation["url"].text().escaped()),
            std::string(citation["title"].text().escaped())};
    if (!hit.url.empty() && std::ranges::find(hits_, hit) == hits_.end())
        hits_.push_back(std::move(hit));
}

void Citations::searched(View item, BlockTracker& blocks, chat::Events& out) {
    Search search{std::string(item["id"].text().escaped()),
                  std::string(item["action"]["query"].text().escaped()),
                  {}};
    for (const View source : item["action"]["sources"].elements()) {
        Hit hit{std::string(source["url"].text().escaped()),
                std::string(source["title"].text().escaped())};
        if (!hit.url.empty()) search.hits.push_back(std::move(hit));
    }
    if (search.hits.empty())
        searches_.push_back(std::move(search));
    else
        tell(search, blocks, out);
}

void Citations::tell(const Search& found, BlockTracker& blocks, chat::Events& out) {
    chat::WebSearch search;
    search.id = Text::from_escaped(found.id);
    search.query = Text::from_escaped(found.query);
    for (const Hit& hit : found.hits)
        search.hits.push_back({Text::from_escaped(hit.url), Text::from_escaped(hit.title)});
    blocks.web_search(search, out);
}

// Nobody says which search found what: the first one is said to have.
void Citations::finish(BlockTracker& blocks, chat::Events& out) {
    if (searches_.empty() && !hits_.empty()) searches_.push_back({"ws_citations", "", {}});
    if (!searches_.empty()) searches_.front().hits = std::move(hits_);
    for (const Search& search : searches_) tell(search, blocks, out);
}

}  // namespace ccr::wire::openai_responses
