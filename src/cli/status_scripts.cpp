#include "cli/status_scripts.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "json/document.h"
#include "json/writer.h"
#include "plugin/grants.h"
#include "plugin/host_process.h"
#include "plugin/spawn.h"

namespace ccr::cli {
namespace {

using Clock = std::chrono::steady_clock;

// A module's file may export a function, an object with one as its default, or a text. What it
// prints is its own affair, so the texts come back over a socket of their own, each when it is
// ready: a script that hangs or ends the process takes no other's with it.
constexpr std::string_view kRunner = R"js(
const fs = require('fs'), { pathToFileURL } = require('url');
const { modules, variables } = JSON.parse(fs.readFileSync(0, 'utf8'));
const told = (e) => console.error(e && e.message || e);
process.on('uncaughtException', told).on('unhandledRejection', told);
const exported = (m) => (m.default && typeof m.default === 'object' && 'default' in m.default)
  ? m.default.default : (m.default ?? m);
const say = async ({ script, options }) => {
  const it = exported(await import(pathToFileURL(script).href));
  const said = typeof it === 'function' ? await it(variables, options) : it;
  return said === undefined || said === null || typeof said === 'object' ? '' : String(said);
};
const one = async (m, i) => {
  if (!m.script) return;
  try { fs.writeSync(3, JSON.stringify([i, await say(m)]) + '\n'); }
  catch (e) { console.error(`${m.script}: ${e && e.message || e}`); }
};
Promise.all(modules.map(one)).then(() => process.exit(0));
)js";

std::string question(const std::vector<statusline::Module>& modules,
                     const statusline::Variables& variables) {
    std::string out;
    json::Writer w(out);
    w.open_object().key("modules").open_array();
    for (const statusline::Module& module : modules) {
        w.open_object();
        if (module.is_script()) w.member("script", std::string_view(module.script));
        if (!module.options.empty()) w.key("options").raw(module.options);
        w.close_object();
    }
    w.close_array().key("variables").open_object();
    for (const auto& [name, value] : variables) w.member(name, std::string_view(value));
    w.close_object().close_object();
    return out;
}

/// What comes over both descriptors until both have ended.
struct Said {
    std::string texts, printed;
    bool in_time = false;
};

bool take(pollfd& from, std::string& into) {
    std::array<char, 4096> bytes{};
    if ((from.revents & (POLLIN | POLLHUP | POLLERR)) == 0) return false;
    const ssize_t count = ::read(from.fd, bytes.data(), bytes.size());
    if (count > 0) into.append(bytes.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) from.fd = -1;
    return count > 0;
}

Said listen(const plugin::Spawned& child, std::chrono::milliseconds time) {
    Said said;
    const auto end = Clock::now() + time;
    std::array<pollfd, 2> watched{pollfd{child.lanes.front(), POLLIN, 0},
                                  pollfd{child.output, POLLIN, 0}};
    while (watched[0].fd >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0) return said;
        ::poll(watched.data(), watched.size(), static_cast<int>(left) + 1);
        take(watched[0], said.texts);
        take(watched[1], said.printed);
    }
    while (::poll(&watched[1], 1, 0) > 0 && take(watched[1], said.printed)) {
    }
    said.in_time = true;
    return said;
}

void end(const plugin::Spawned& child) {
    ::kill(-child.pid, SIGKILL);
    int status = 0;
    while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    ::close(child.output);
    for (const int lane : child.lanes) ::close(lane);
}

// One line for each text, [module, text], in the order in which they were ready.
void take_lines(std::string_view lines, std::vector<std::string>& texts) {
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        json::Document document;
        const auto said = document.parse(line);
        if (!said || said->size() != 2) continue;
        const auto elements = said->elements();
        auto at = elements.begin();
        const auto module = static_cast<std::size_t>((*at).integer().value_or(-1));
        ++at;
        if (module < texts.size()) texts[module] = statusline::safe_text((*at).text().decode());
    }
}

Result<Said> run(const std::string& input, const std::string& node,
                 std::chrono::milliseconds time) {
    TRY(const std::string program, plugin::host_program(node));
    plugin::SpawnWish wish;
    wish.arguments = {program, "-e", std::string(kRunner)};
    wish.environment = plugin::environment_for({}, environ);
    wish.input = input;
    wish.lanes = 1;
    TRY(const plugin::Spawned child, plugin::spawn(wish));
    Said said = listen(child, time);
    end(child);
    return said;
}

}  // namespace

std::vector<std::string> run_status_scripts(const std::vector<statusline::Module>& modules,
                                            const statusline::Variables& variables,
                                            const std::string& node,
                                            std::chrono::milliseconds time) {
    std::vector<std::string> texts(modules.size());
    if (std::ranges::none_of(modules, &statusline::Module::is_script)) return texts;
    const auto said = run(question(modules, variables), node, time);
    if (!said) {
        fmt::print(stderr, "ccr statusline: {}\n", said.error().message);
        return texts;
    }
    fmt::print(stderr, "{}", said->printed);
    if (!said->in_time)
        fmt::print(stderr, "ccr statusline: the scripts were not done after {} ms\n", time.count());
    take_lines(said->texts, texts);
    return texts;
}

}  // namespace ccr::cli
