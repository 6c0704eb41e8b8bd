#include "config/text_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/temporary_directory_fixture.h"

namespace ccr::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pointee;

class TextFiles : public testing::Test {
  protected:
    void write(std::string_view text) const {
        std::ofstream(path_, std::ios::binary | std::ios::trunc) << text;
    }
    auto text() { return file_.text(path_); }

    fixture::TemporaryDirectory directory_;
    const std::string path_ = (directory_.path() / "prompt.md").string();
    std::vector<std::string> told_;
    TextFile file_{"SETTING", [this](const std::string& message) { told_.push_back(message); }};
};

TEST_F(TextFiles, R10_AnEditedFileIsReadAgainAndAnUneditedOneIsNot) {
    write("one");
    const auto first = text();
    EXPECT_THAT(first, Pointee(std::string("one")));
    EXPECT_EQ(text(), first) << "the same text, not a second reading";
    write("another");
    EXPECT_THAT(text(), Pointee(std::string("another")));
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(TextFiles, R10_AFileThatIsNotThereIsToldOfOnce) {
    EXPECT_EQ(text(), nullptr);
    EXPECT_EQ(text(), nullptr);
    EXPECT_THAT(told_, ElementsAre(HasSubstr("SETTING names " + path_ + ", which is not there")));
    write("now");
    EXPECT_THAT(text(), Pointee(std::string("now")));
    std::filesystem::remove(path_);
    EXPECT_EQ(text(), nullptr);
    EXPECT_EQ(told_.size(), 2u);
}

TEST_F(TextFiles, WhatIsNoTextIsNotTaken) {
    write("\xff\xfe");
    EXPECT_EQ(text(), nullptr);
    EXPECT_THAT(told_, ElementsAre(HasSubstr("is no UTF-8 text")));
    write("\xEF\xBB\xBFplain");
    EXPECT_THAT(text(), Pointee(std::string("plain")));
    EXPECT_EQ(file_.text(""), nullptr);
    std::filesystem::create_directory(directory_.path() / "folder");
    EXPECT_EQ(file_.text((directory_.path() / "folder").string()), nullptr);
    EXPECT_EQ(told_.size(), 2u);
}

}  // namespace
}  // namespace ccr::config
