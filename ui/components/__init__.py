"""Own components: a little HTML, CSS and JavaScript each, without a build step."""
