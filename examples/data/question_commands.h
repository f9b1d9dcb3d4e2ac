// SPDX-License-Identifier: Apache-2.0
// The subcommands of thaw-data about questions on texts.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "debian-questions" makes the data set, "overlap" measures the baseline.
void add_question_commands(CLI::App& app);

}  // namespace thaw
