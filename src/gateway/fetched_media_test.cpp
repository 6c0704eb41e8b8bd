#include "gateway/fetched_media.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

using namespace std::chrono_literals;

FetchedFilePtr file(std::size_t size) {
    return std::make_shared<const FetchedFile>(
        FetchedFile{"image/png", std::string(size, 'A'), ""});
}

TEST(FetchedMedia, ForgetsAfterAnHour) {
    FetchedMedia media;
    const auto now = FetchedMedia::Clock::now();
    media.keep("http://h/a", file(4), now);
    EXPECT_NE(media.find("http://h/a", now + 59min), nullptr);
    EXPECT_EQ(media.find("http://h/a", now + 61min), nullptr);
    EXPECT_EQ(media.find("http://h/b", now), nullptr);
}

TEST(FetchedMedia, TheOldestGivesWay) {
    FetchedMedia media(100);
    const auto now = FetchedMedia::Clock::now();
    media.keep("a", file(60), now);
    media.keep("b", file(40), now + 1s);
    media.keep("c", file(50), now + 2s);
    EXPECT_EQ(media.find("a", now), nullptr);
    EXPECT_NE(media.find("b", now), nullptr);
    media.keep("b", file(50), now + 3s);  // again: counted once
    EXPECT_NE(media.find("c", now), nullptr);
    media.keep("huge", file(101), now + 4s);
    EXPECT_EQ(media.find("huge", now), nullptr);
    EXPECT_NE(media.find("b", now), nullptr);
}

}  // namespace
}  // namespace ccr::gateway
