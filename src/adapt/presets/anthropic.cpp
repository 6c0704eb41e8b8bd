#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset anthropic() {
    config::Preset p;
    p.name = "anthropic";
    p.title = "Anthropic";
    p.sources = {"https://platform.claude.com/docs/en/about-claude/pricing",
                 "https://platform.claude.com/docs/en/api/messages",
                 "https://platform.claude.com/docs/en/models/haiku-5-5/overview",
                 "https://platform.claude.com/docs/en/models/opus-4-8/overview",
                 "https://platform.claude.com/docs/en/models/opus-4-6/overview",
                 "https://platform.claude.com/docs/en/models/sonnet-4-6/overview",
                 "https://platform.claude.com/docs/en/models/sonnet-5/overview"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.anthropic.com"};
    p.wires = {{Protocol::anthropic, "https://api.anthropic.com/v1/messages"}};
    p.counts_tokens = true;
    p.key_variable = "ANTHROPIC_API_KEY";
    p.traits.vision = true;
    model(p, "claude-opus-4-5*").prices = config::Prices{5.0, 25.0, 0.5, 6.25, "2026-11-26"};
    model(p, "claude-opus-4-6*").prices = config::Prices{5.0, 25.0, 0.5, 6.25, "2026-11-26"};
    model(p, "claude-opus-4-7*").prices = config::Prices{5.0, 25.0, 0.5, 6.25, "2026-11-26"};
    model(p, "claude-opus-4-8*").prices = config::Prices{5.0, 25.0, 0.5, 6.25, "2026-11-26"};
    model(p, "claude-opus-5").prices = config::Prices{5.0, 25.0, 0.5, 6.25, "2026-11-26"};
    model(p, "claude-opus-4-1*").prices = config::Prices{15.0, 75.0, 1.5, 18.75, "2026-11-26"};
    model(p, "claude-sonnet-4*").prices = config::Prices{3.0, 15.0, 0.3, 3.75, "2026-11-26"};
    model(p, "claude-haiku-4-5*").prices = config::Prices{1.0, 5.0, 0.1, 1.25, "2026-11-26"};
    model(p, "claude-opus-5-5*").prices =
        config::Prices{4.0, 20.0, std::nullopt, std::nullopt, "2026-11-26"};
    model(p, "claude-sonnet-5").prices =
        config::Prices{2.0, 10.0, std::nullopt, std::nullopt, "2026-11-26"};
    for (const char* name :
         {"claude-fable-5*", "claude-opus-5*", "claude-sonnet-5*", "claude-haiku-5*",
          "claude-opus-4-6*", "claude-opus-4-8*", "claude-sonnet-4-6*"}) {
        model(p, name).context_window = 1'000'000;
        model(p, name).max_output = 128'000;
    }
    model(p, "claude-haiku-4-5*").context_window = 200'000;
    model(p, "claude-haiku-4-5*").max_output = 64'000;
    p.quirks = {
        "Prices are those of the five-minute cache; the one-hour cache writes at twice the input "
        "price."};
    return p;
}

}  // namespace ccr::adapt::presets
