// SPDX-License-Identifier: Apache-2.0
// thaw-data's subcommand of pronunciations.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "pronunciations" makes the data set.
void add_pronunciation_commands(CLI::App& app);

}  // namespace thaw
