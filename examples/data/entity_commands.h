// SPDX-License-Identifier: Apache-2.0
// The subcommands of thaw-data about named entities.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "debian-entities" makes the data set, "entity-list" measures the baseline.
void add_entity_commands(CLI::App& app);

}  // namespace thaw
