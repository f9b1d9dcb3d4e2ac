// SPDX-License-Identifier: Apache-2.0
// thaw-data's subcommands of damaged pictures.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "damaged-pictures" makes the data set; "ranked-pictures" tells how well sharpness, or a model, ranks it.
void add_damage_commands(CLI::App& app);

}  // namespace thaw
