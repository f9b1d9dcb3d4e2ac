// SPDX-License-Identifier: Apache-2.0
// thaw-data's subcommands of scenes.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "scenes" makes the data set; "check-scenes" judges pictures by their captions; "scene-retrieval" measures what
// colours alone find.
void add_scene_commands(CLI::App& app);

}  // namespace thaw
