#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include "base/log_collector.h"
#include "base/log_files.h"
#include "base/log_line.h"

namespace ccr::log {
namespace {

constexpr int kOff = 255;

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::trace:
            return spdlog::level::trace;
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
        case Level::fatal:
            return spdlog::level::critical;
    }
    return spdlog::level::info;
}

/// The level's own name, in capitals.
class LevelFlag final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
                spdlog::memory_buf_t& out) override {
        constexpr std::array<std::string_view, 6> kNames = {"TRACE", "DEBUG", "INFO ",
                                                            "WARN ", "ERROR", "FATAL"};
        const std::string_view name = kNames.at(static_cast<std::size_t>(message.level));
        out.append(name.data(), name.data() + name.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<LevelFlag>();
    }
};

/// A buffer that keeps its memory from line to line, unless a huge line passed.
std::string& line_buffer() {
    constexpr std::size_t kKept = 64 * 1024;
    thread_local std::string buffer;
    if (buffer.capacity() > kKept) buffer = std::string();
    buffer.clear();
    return buffer;
}

/// Takes finished lines as they are.
class SeriesSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    SeriesSink(std::string directory, std::string stem, Naming naming, std::uint64_t file_bytes,
               Retention& retention)
        : series_(std::move(directory), std::move(stem), naming, file_bytes, retention) {}

    void close() {
        const std::lock_guard lock(mutex_);
        series_.close();
        closed_ = true;
    }

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        if (!closed_) series_.write({message.payload.data(), message.payload.size()});
    }
    void flush_() override {}

  private:
    FileSeries series_;
    bool closed_ = false;
};

/// A few lines for each request: one write of a busy moment holds them all.
class ApplicationFile {
  public:
    ApplicationFile(std::string directory, std::uint64_t file_bytes, Retention& retention)
        : series_(std::move(directory), "claude-code-router", Naming::fixed, file_bytes, retention),
          collector_([this](const Collector::Batch& batch) { write(batch); }) {}

    void add(std::string_view json) {
        std::string& line = line_buffer();
        append_raw_line(line, json);
        collector_.add(line);
    }
    void close() {
        collector_.close();
        series_.close();
    }

  private:
    void write(const Collector::Batch& batch) {
        if (batch.lost > 0) series_.lose(ENOBUFS, batch.lost);
        try {
            // Here, because whoever adds a line has a request that waits.
            series_.write(scrub_lines(batch.lines), batch.count);
        } catch (const std::bad_alloc&) {
            series_.lose(ENOMEM, batch.count);
        }
    }

    FileSeries series_;
    Collector collector_;
};

/// One configuration's sinks.
struct Sinks {
    explicit Sinks(std::uint64_t total_bytes) : retention(total_bytes) {}
    Retention retention;
    std::shared_ptr<SeriesSink> server_file;
    std::unique_ptr<ApplicationFile> application_file;
    std::unique_ptr<spdlog::logger> server;
    std::unique_ptr<spdlog::logger> console;
};

struct State {
    std::atomic<int> threshold{kOff};
    std::atomic<Sinks*> sinks{nullptr};
    std::mutex mutex;
    // Sinks of earlier configurations, closed: a thread may still hold a pointer to them.
    std::vector<std::unique_ptr<Sinks>> all;
};

// Never destroyed: other threads may still log while the process ends.
State& state() {
    static auto& instance = *new State;
    return instance;
}

std::unique_ptr<spdlog::logger> logger_on(std::shared_ptr<spdlog::sinks::sink> sink) {
    auto logger = std::make_unique<spdlog::logger>("ccr", std::move(sink));
    logger->set_level(spdlog::level::trace);
    logger->set_error_handler([](const std::string&) {});
    return logger;
}

std::shared_ptr<spdlog::sinks::sink> stderr_sink() {
    const char* no_color = std::getenv("NO_COLOR");
    const bool plain = no_color != nullptr && *no_color != '\0';
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
        plain ? spdlog::color_mode::never : spdlog::color_mode::automatic);
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<LevelFlag>('*').set_pattern("%H:%M:%S %^%*%$ %v");
    sink->set_formatter(std::move(formatter));
    return sink;
}

void open_files(Sinks& sinks, const Settings& settings) {
    const std::filesystem::path logs = std::filesystem::path(settings.directory).lexically_normal();
    const std::filesystem::path home = (logs / "").parent_path().parent_path();
    sinks.server_file = std::make_shared<SeriesSink>(logs.string(), "ccr", Naming::dated,
                                                     settings.file_bytes, sinks.retention);
    sinks.application_file =
        std::make_unique<ApplicationFile>(home.string(), settings.file_bytes, sinks.retention);
    sinks.server = logger_on(sinks.server_file);
}

void close_files(Sinks* sinks) {
    if (sinks == nullptr) return;
    // It writes what is left, and makes room for that among closed files.
    if (sinks->application_file) sinks->application_file->close();
    if (sinks->server_file) sinks->server_file->close();
}

}  // namespace

bool enabled(Level level) {
    return static_cast<int>(level) >= state().threshold.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
    if (!enabled(level)) return;
    Sinks* sinks = state().sinks.load(std::memory_order_acquire);
    if (sinks == nullptr) return;
    const auto now = std::chrono::system_clock::now();
    if (sinks->server) {
        std::string& line = line_buffer();
        const auto time =
            std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
        append_json_line(line, level, time.count(), message, fields);
        sinks->server->log(now, spdlog::source_loc{}, spdlog_level(level),
                           spdlog::string_view_t(line));
    }
    if (sinks->console) {
        std::string& line = line_buffer();
        append_text_line(line, message, fields);
        sinks->console->log(now, spdlog::source_loc{}, spdlog_level(level),
                            spdlog::string_view_t(line));
    }
}

void configure(const Settings& settings) {
    auto sinks = std::make_unique<Sinks>(settings.total_bytes);
    if (settings.to_file && !settings.directory.empty()) open_files(*sinks, settings);
    if (settings.to_stderr) sinks->console = logger_on(stderr_sink());
    const bool silent = !sinks->server && !sinks->console;
    State& shared = state();
    const std::lock_guard lock(shared.mutex);
    close_files(shared.sinks.exchange(sinks.get(), std::memory_order_acq_rel));
    shared.threshold = silent ? kOff : static_cast<int>(settings.level);
    shared.all.push_back(std::move(sinks));
}

void set_level(Level level) {
    State& shared = state();
    const std::lock_guard lock(shared.mutex);
    if (shared.threshold != kOff) shared.threshold = static_cast<int>(level);
}

void shutdown() {
    State& shared = state();
    const std::lock_guard lock(shared.mutex);
    shared.threshold = kOff;
    close_files(shared.sinks.exchange(nullptr, std::memory_order_acq_rel));
}

void application(std::string_view json) {
    Sinks* sinks = state().sinks.load(std::memory_order_acquire);
    if (sinks == nullptr || !sinks->application_file) return;
    sinks->application_file->add(json);
}

}  // namespace ccr::log
