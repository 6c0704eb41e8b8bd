#include "wire/detail_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ccr::wire {
namespace {

// The list after chunks, each the text of one array.
std::string listed(std::initializer_list<std::string_view> chunks) {
    DetailList list;
    for (const std::string_view chunk : chunks) {
        json::Document document;
        list.add(*document.parse(chunk));
    }
    return list.json();
}

TEST(DetailList, PiecesOfOneEntryAreJoined) {
    EXPECT_EQ(listed({R"([{"type":"reasoning.text","index":0,"text":"a\n","signature":null}])",
                      R"([{"type":"reasoning.text","index":0,"text":"b"}])",
                      R"([{"type":"reasoning.text","index":0,"signature":"s"}])"}),
              R"([{"type":"reasoning.text","index":0,"text":"a\nb","signature":"s"}])");
    EXPECT_EQ(listed({R"([{"type":"reasoning.summary","summary":"a"}])",
                      R"([{"type":"reasoning.summary","summary":"b","id":"x"}])"}),
              R"([{"type":"reasoning.summary","summary":"ab","id":"x"}])");
}

TEST(DetailList, EverythingElseStaysApart) {
    for (const std::string_view second : {R"({"type":"reasoning.text","index":1,"text":"b"})",
                                          R"({"type":"reasoning.summary","index":0,"summary":"b"})",
                                          R"({"type":"reasoning.encrypted","index":0,"data":"b"})",
                                          R"({"type":"reasoning.text","text":"b"})"}) {
        const std::string first = R"({"type":"reasoning.text","index":0,"text":"a"})";
        EXPECT_EQ(listed({"[" + first + "]", fmt::format("[{}]", second)}),
                  fmt::format("[{},{}]", first, second));
    }
    const std::string sealed = R"([{"type":"reasoning.text","text":"a","signature":"s"}])";
    EXPECT_EQ(
        listed({sealed, R"([{"type":"reasoning.text","text":"b"}])"}),
        R"([{"type":"reasoning.text","text":"a","signature":"s"},{"type":"reasoning.text","text":"b"}])");
    const std::string encrypted = R"({"type":"reasoning.encrypted","data":"AA"})";
    EXPECT_EQ(listed({"[" + encrypted + "]", "[" + encrypted + "]"}),
              fmt::format("[{},{}]", encrypted, encrypted));
}

// A whole answer's array is one call: it goes back as it came, blanks apart.
TEST(DetailList, OneArrayIsKeptAsItIs) {
    const std::string array =
        R"([{"type":"reasoning.text","text":"a"},{"type":"reasoning.text","text":"b"},{"type":"x","y":[1,{"z":null}]},"odd",7])";
    EXPECT_EQ(listed({array}), array);
    EXPECT_EQ(listed({}), "[]");
    EXPECT_EQ(listed({"[]", "{}"}), "[]");
    EXPECT_EQ(listed({"[1]", R"([{"text":"a"}])", R"([{"text":"b"}])"}), R"([1,{"text":"ab"}])");
}

}  // namespace
}  // namespace ccr::wire
