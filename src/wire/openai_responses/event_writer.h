// EventWriter: the events of a Responses stream (API reference, "Streaming events"), numbered, and
// the items that are done. What the events are about is the caller's.
//
// A plain object, one answer, one thread.
#pragma once

#include <string>
#include <string_view>

#include "json/writer.h"
#include "wire/openai_responses/answer_items.h"

namespace ccr::wire::openai_responses {

/// Where inside an item a text stands, as the members of an event say it.
inline constexpr std::string_view kContentIndex = R"(,"content_index":0)";
inline constexpr std::string_view kSummaryIndex = R"(,"summary_index":0)";

class EventWriter {
  public:
    /// An event up to the members of its own, and its end.
    json::Writer begin(std::string_view type, std::string& out);
    static void end(json::Writer& w, std::string& out);
    /// ... about the open item; `index` as above, or "".
    json::Writer begin_inside(std::string_view type, std::string_view index, std::string& out);

    /// Opens an item; its id is escaped.
    void item_added(std::string_view id, std::string_view item, std::string& out);
    void item_done(std::string_view item, std::string& out);
    /// A piece of the open item's text: the hot path, written without a Writer.
    void delta(std::string_view type, std::string_view index, json::Text text, std::string& out);
    /// The open item's whole text, under the name `member`.
    void done(std::string_view type, std::string_view index, std::string_view member,
              json::Text text, std::string& out);

    /// An event that holds the response. At its end the items that are done are its output.
    void response(std::string_view type, const ResponseHead& head, ResponseState state,
                  std::string& out);

    /// Of the item that is open or comes next.
    std::size_t index() const { return index_; }

  private:
    std::int64_t sequence_ = 0;
    std::size_t index_ = 0;
    std::string item_id_;
    std::string output_;  // items that are done, separated by commas
};

}  // namespace ccr::wire::openai_responses
