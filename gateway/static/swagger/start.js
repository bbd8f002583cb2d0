// Opens the API page. The page gives the description's address: <div id="swagger-ui" data-openapi="../openapi.json"></div>
// In a file of its own, because the content security policy forbids scripts written inside a page.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("swagger-ui");
  window.SwaggerUIBundle({
    domNode: place,
    url: new URL(place.dataset.openapi || "./../openapi.json", document.baseURI).href,
    validatorUrl: null, // nothing is sent outside: the page works offline
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
    tagsSorter: "alpha",
    withCredentials: true,
  });
});
