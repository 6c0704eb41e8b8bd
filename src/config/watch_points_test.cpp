#include "config/watch_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/temporary_directory_fixture.h"

namespace ccr::config {
namespace fs = std::filesystem;
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

class WatchPoints : public testing::Test {
  protected:
    WatchPoint point(const std::string& directory, const std::string& name) const {
        return {(root() / directory).string(), name};
    }
    fs::path root() const { return directory_.path(); }
    void touch(const std::string& name) const { std::ofstream(root() / name) << "{}"; }
    std::vector<WatchPoint> of(const std::string& name) const {
        return watch_points((root() / name).string());
    }
    // The temporary directory itself has no trailing component.
    WatchPoint top(const std::string& name) const { return {root().string(), name}; }

    fixture::TemporaryDirectory directory_;
};

TEST_F(WatchPoints, APlainFile) {
    touch("c.json");
    EXPECT_THAT(of("c.json"), ElementsAre(top("c.json")));
    EXPECT_THAT(of("./x/../c.json"), ElementsAre(top("x")));  // x does not exist
}

TEST_F(WatchPoints, WhatDoesNotExistYet) {
    EXPECT_THAT(of("c.json"), ElementsAre(top("c.json")));
    EXPECT_THAT(of("a/b/c.json"), ElementsAre(top("a")));
    fs::create_directory(root() / "a");
    EXPECT_THAT(of("a/b/c.json"), ElementsAre(point("a", "b")));
}

TEST_F(WatchPoints, ALinkAndItsTarget) {
    fs::create_directory(root() / "dotfiles");
    touch("dotfiles/real.json");
    fs::create_symlink("dotfiles/real.json", root() / "c.json");
    EXPECT_THAT(of("c.json"), UnorderedElementsAre(top("c.json"), point("dotfiles", "real.json")));
    fs::remove(root() / "dotfiles/real.json");
    EXPECT_THAT(of("c.json"), UnorderedElementsAre(top("c.json"), point("dotfiles", "real.json")));
}

TEST_F(WatchPoints, MountedConfigMaps) {
    fs::create_directory(root() / "..2024");
    touch("..2024/c.json");
    fs::create_symlink("..2024", root() / "..data");
    fs::create_symlink("..data/c.json", root() / "c.json");
    EXPECT_THAT(of("c.json"),
                UnorderedElementsAre(top("c.json"), top("..data"), point("..2024", "c.json")));
}

TEST_F(WatchPoints, LinksThatRunInACircleEnd) {
    fs::create_symlink("b.json", root() / "a.json");
    fs::create_symlink("a.json", root() / "b.json");
    EXPECT_THAT(of("a.json"), UnorderedElementsAre(top("a.json"), top("b.json")));
}

TEST_F(WatchPoints, AbsoluteLinks) {
    fs::create_directory(root() / "d");
    touch("d/c.json");
    fs::create_symlink(root() / "d", root() / "link");
    EXPECT_THAT(of("link/c.json"), UnorderedElementsAre(top("link"), point("d", "c.json")));
}

}  // namespace
}  // namespace ccr::config
