// SPDX-License-Identifier: Apache-2.0
// What models pretrained by masked words and next sentences have to beat.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// pretraining-baselines
void add_pretraining_commands(CLI::App& app);

}  // namespace thaw
