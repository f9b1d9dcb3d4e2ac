// SPDX-License-Identifier: Apache-2.0
// thaw-data's subcommands of films.
#pragma once

namespace CLI {
class App;
}

namespace thaw {

// "films" makes the data set; "film-baselines" measures what needs no model of films; "film-strips" shows some.
void add_film_commands(CLI::App& app);

}  // namespace thaw
