#include "statusline/variables.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "statusline/git_branch.h"

namespace ccr::statusline {
namespace {

namespace fs = std::filesystem;

class Folder {
  public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "ccr-status-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    std::string put(const std::string& name, const std::string& text) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name) << text;
        return (path_ / name).string();
    }

  private:
    fs::path path_;
};

constexpr const char* kInput = R"({"session_id":"0123456789ab","transcript_path":"/t.jsonl",
  "cwd":"/other","version":"2.1.330","model":{"id":"claude-opus-5-5","display_name":"Opus 5.5"},
  "workspace":{"current_dir":"/home/me/my project/","project_dir":"/home/me"},
  "cost":{"total_cost_usd":0.1234,"total_duration_ms":125600,"total_lines_added":12,"total_lines_removed":5},
  "context_window":{"total_input_tokens":15234,"total_output_tokens":999,"context_window_size":200000,
    "current_usage":{"input_tokens":1000,"output_tokens":9,"cache_creation_input_tokens":2000,"cache_read_input_tokens":47000}}})";

Sources sources() {
    return {*read_input(kInput), LastAnswer{"glm-5", 50'123, 87}, "routed", "main", std::nullopt};
}

struct Row {
    const char* text;
    const char* becomes;
};

TEST(Variables, EachIsWrittenAsDocumented) {
    const Variables variables = variables_of(sources());
    for (const Row& row :
         {Row{"{{workDirName}}", "my project"},
          {"{{gitBranch}}", "main"},
          {"{{model}}", "glm-5"},
          {"{{inputTokens}}/{{outputTokens}}", "50.1k/87"},
          {"{{contextPercent}}% of {{contextWindowSize}}", "25% of 200k"},
          {"{{totalInputTokens}} {{totalOutputTokens}}", "15.2k 999"},
          {"{{cost}}", "$0.12"},
          {"{{duration}}", "2m6s"},
          {"+{{linesAdded}} -{{linesRemoved}} = {{netLines}}", "+12 -5 = 7"},
          {"{{version}} {{sessionId}}", "2.1.330 01234567"},
          {"{{tokenSpeed}}{{isStreaming}}{{timeToFirstToken}}", "0"},
          {"a{{nothing}}b", "ab"},
          {"{{ model }} {{}} {{model} {{{model}}}", "{{ model }} {{}} {{model} {glm-5}"}})
        EXPECT_EQ(filled(row.text, variables), row.becomes) << row.text;
}

TEST(Variables, WhatTheRouterMeasuredComesBeforeEstimates) {
    Sources from = sources();
    from.live = Live{81.6, true, 1234, 0.0042};
    const Variables variables = variables_of(from);
    EXPECT_EQ(filled("{{tokenSpeed}} {{streamingIndicator}} {{cost}}", variables),
              "82 [Streaming] 0.42¢");
    // L3: it is a number of milliseconds, and there after the stream's end.
    from.live = Live{0, false, 450, std::nullopt};
    EXPECT_EQ(filled("{{timeToFirstToken}} {{cost}}", variables_of(from)), "450ms $0.12");
}

TEST(Variables, NothingSteersTheTerminal) {
    Sources from = sources();
    from.branch = "x\x1b]0;title\x07y\n";
    from.last->model =
        "m\xC2\x9B"
        "31mé";
    const Variables variables = variables_of(from);
    EXPECT_EQ(variables.at("gitBranch"), "x]0;titley");
    EXPECT_EQ(variables.at("model"), "m31mé");
    EXPECT_EQ(safe_text("a\x1b[1;31mb\x1b[0m\x1b[2Jc\x1b\x1b[mé\r"),
              "a\x1b[1;31mb\x1b[0m[2Jc\x1b[mé");
}

TEST(Variables, TheModelIsTheOneThatAnsweredElseTheRoutersElseTheClients) {
    Sources from = sources();
    from.last.reset();
    EXPECT_EQ(variables_of(from).at("model"), "routed");
    from.routed_model.clear();
    EXPECT_EQ(variables_of(from).at("model"), "Opus 5.5");
}

TEST(Variables, L6_FoldersOfWindowsHaveNamesToo) {
    Sources from = sources();
    for (const Row& row : {Row{"C:\\me\\work", "work"}, {"/", "/"}, {"", ""}, {"/a/b//", "b"}}) {
        from.input.directory = row.text;
        EXPECT_EQ(variables_of(from).at("workDirName"), row.becomes);
    }
}

// L1: what is missing or of a wrong type costs itself alone.
TEST(Input, L1_BrokenMembersAreEmpty) {
    for (const char* text :
         {"{}", R"({"cost":null,"context_window":5,"model":[],"workspace":"x","session_id":1})",
          R"({"context_window":{"context_window_size":0,"current_usage":null}})"}) {
        const auto input = read_input(text);
        ASSERT_TRUE(input) << text;
        const Variables variables = variables_of({*input, {}, "", "", {}});
        EXPECT_EQ(variables.at("contextPercent"), "0");
        EXPECT_EQ(variables.at("cost"), "");
    }
    for (const char* text : {"", "[]", "3", "{\"a\":"}) EXPECT_FALSE(read_input(text)) << text;
}

TEST(Transcript, L1_L8_TheLastAnswerIsFoundFromTheEnd) {
    const Folder folder;
    const std::string answer =
        R"({"type":"assistant","message":{"model":"m1","usage":{"input_tokens":1,"cache_creation_input_tokens":2,"cache_read_input_tokens":30,"output_tokens":4}}})";
    const std::string other = R"({"type":"user","message":{"content":"an assistant"}})";
    const std::string long_line =
        R"({"type":"user","message":{"content":")" + std::string(300'000, 'x') + "\"}}";
    const std::string path =
        folder.put("t", answer + "\n" + other + "\n" + long_line + "\nnot json\n\n" +
                            R"({"type":"assistant","message":{"model":"<synthetic>"}})" + "\n" +
                            R"({"type":"assistant","isSidechain":true,"message":{"model":"sub"}})");
    const auto found = last_answer(path);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->model, "m1");
    EXPECT_EQ(found->input, 33);  // L8: cache included
    EXPECT_EQ(found->output, 4);
    EXPECT_FALSE(last_answer(folder / "absent"));  // L1: a new session has none yet
    EXPECT_FALSE(last_answer(folder.put("empty", "")));
    EXPECT_FALSE(last_answer(folder.put("none", other)));
}

TEST(GitBranch, IsReadFromTheRepositorysFiles) {
    const Folder folder;
    folder.put(".git/HEAD", "ref: refs/heads/feature/x\n");
    fs::create_directories(folder / "a/b");
    EXPECT_EQ(git_branch(folder / "a/b"), "feature/x");
    folder.put(".git/worktrees/w/HEAD", "ref: refs/heads/w\n");
    folder.put("tree/.git", "gitdir: ../.git/worktrees/w\n");
    EXPECT_EQ(git_branch(folder / "tree"), "w");
    folder.put(".git/HEAD", "0123456789012345678901234567890123456789\n");
    EXPECT_EQ(git_branch(folder / "a"), "");
    fs::create_directories(folder / "odd/.git");
    fs::create_symlink("/dev/zero", folder / "odd/.git/HEAD");
    EXPECT_EQ(git_branch(folder / "odd"), "");
    EXPECT_EQ(git_branch(""), "");
    EXPECT_EQ(git_branch(folder / "absent/below"), "");
}

}  // namespace
}  // namespace ccr::statusline
