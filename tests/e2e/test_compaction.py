"""A small window: what the real client does when a provider's context is full."""

import json

from bed.claude import by_hand
from bed.marks import check, equal, test
from bed.service import Service, providers_of
from bed.turns import Turn
from bed.upstream import Upstream

WINDOW = 32_768  # tokens of the target; the script takes four characters for one
READS = 6  # tool results of about 6000 tokens each: more than the window holds beside the client's own prompt


def tokens_of(seen):
    return len(json.dumps([seen.json.get("messages"), seen.json.get("tools")], ensure_ascii=False)) // 4


class SmallTarget:
    """Speaks Chat. Asks for files until it has seen enough, and refuses in OpenAI's words what its window cannot hold."""

    def __init__(self):
        self.refused, self.summaries, self.reads = 0, 0, 0

    def __call__(self, seen):
        tokens = tokens_of(seen)
        if tokens > WINDOW:
            self.refused += 1
            return Turn(status=400, kind="invalid_request_error",
                        message=f"This model's maximum context length is {WINDOW} tokens. However, your messages resulted in "
                                f"{tokens} tokens. Please reduce the length of the messages.")
        if "Tool calls will be rejected" in seen.user_text()[-500:]:
            self.summaries += 1
            return Turn(text=f"<summary>READ the files: {self.reads} of {READS} are read.</summary>")
        if "READ" in seen.user_text() and self.reads < READS and "Bash" in seen.tools():
            self.reads += 1
            return Turn(calls=[("Bash", {"command": f"head -c 24000 /dev/zero | tr '\\0' '{self.reads}'", "description": "a file"})])
        return Turn(text=f"All {self.reads} files are read: DONE-7.")


@test(limit=90)
def a_full_window_in_openais_words_makes_the_real_client_compact_and_finish():
    target = SmallTarget()
    with Upstream(target) as upstream, Service(providers_of(upstream)) as service:
        with by_hand(service, "READ the files.") as client:
            client.finish(80)
            sizes = [tokens_of(seen) for seen in upstream.seen]
            check("DONE-7" in client.result, client.result)
        equal(target.reads, READS, "files read")
        check(target.refused and target.summaries, f"{target.refused} refusals, {target.summaries} summaries")
        full = next(at for at, size in enumerate(sizes) if size > WINDOW)
        check(max(sizes[full + 2:]) < WINDOW, f"sizes of the requests in tokens: {sizes}")
