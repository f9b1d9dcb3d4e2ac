// SPDX-License-Identifier: Apache-2.0
// thaw-data's subcommands of pictures.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "mnist" and "fashion-mnist" make the data sets; "pixel-baseline" measures a linear classifier on pixels.
void add_picture_commands(CLI::App& app);

}  // namespace thaw
