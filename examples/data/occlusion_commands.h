// SPDX-License-Identifier: Apache-2.0
// Commands that show what a model that answers questions looks at.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// cover-patches, occlusion-sheet
void add_occlusion_commands(CLI::App& app);

}  // namespace thaw
