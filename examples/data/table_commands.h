// SPDX-License-Identifier: Apache-2.0
// The subcommands of thaw-data about tables of labelled texts.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "sample" draws so many rows of each label, "tfidf" and "linear" measure baselines.
void add_table_commands(CLI::App& app);

}  // namespace thaw
