// SPDX-License-Identifier: Apache-2.0
// thaw-data's subcommands of texts for texts.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "debian-summaries" and "debian-translations" make data sets, "text-baselines" measures what needs no learning.
void add_text_pair_commands(CLI::App& app);

}  // namespace thaw
