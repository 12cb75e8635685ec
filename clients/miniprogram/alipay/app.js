// The shell has no state: everything is on the pages that it opens.
App({});
